import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { callsOfAll } from '../../../test/calls-of-all.ts';
import { callsOfCode } from '../../../test/calls-of-code.ts';
import { type Answer, list, type ManagementTest, managementTest, object } from '../../../test/management.ts';
import { signInStaff } from '../../../test/staff-caller.ts';
import { now } from '../../base/clock.ts';
import { appendTimeline, findByUserId, identitiesOf, learn } from '../../features/customers/customers.ts';
import { ensureFirstStaff } from './first-start.ts';
import { managementAudience } from './management-audience.ts';
import { scopesFor } from './route.ts';
import { routes } from './routes.ts';

let api: ManagementTest;
let headers: Record<string, string> = {};
const connection = 'Username-Password-Authentication';
const password = 'correct horse battery';
// Stands in everything that is of the other brand.
const mark = 'foreignmark';
const job = { type: 'text', key: 'job', labels: { en: 'Work?' }, path: 'user_metadata.job' };
const questionDraft = { name: 'x', content: { variants: [{ key: 'a', heading: { en: 'x' }, fields: [job] }] } };

let ids: Readonly<
  Record<
    'brand' | 'portal' | 'grant' | 'consent' | 'question' | 'store' | 'user' | 'own' | 'shared' | 'connection',
    string
  >
>;
/** Of the shared customer, before the limited caller did anything. */
let known: Record<string, unknown> = {};

before(async () => {
  api = await managementTest();
  await ensureFirstStaff(api.base);
  const made = async (path: string, body: unknown) => {
    const answer = await api.call('POST', path, body);
    assert.equal(answer.status, 201, `${path}: ${JSON.stringify(answer.body)}`);
    return Array.isArray(answer.body) ? {} : object(answer);
  };
  const own = await made('/brands', { slug: 'own', name: 'Own' });
  const other = await made('/brands', { slug: mark, name: `Other ${mark}` });
  const ownPortal = await made('/clients', { name: 'Own shop', brand: 'own' });
  const portal = await made('/clients', { name: `Shop ${mark}`, brand: mark });
  const connected = await made('/connections', {
    name: connection,
    strategy: 'auth0',
    enabled_clients: [portal.client_id, ownPortal.client_id],
  });
  const resources = await made('/resource-servers', { identifier: 'https://orders.example', name: 'Orders' });
  const grant = await made('/client-grants', { client_id: portal.client_id, audience: resources.identifier });
  const consent = await made('/consents', { brand: mark, purpose: 'email' });
  const words = { label: `May we write? ${mark}`, details: '' };
  await made(`/consents/${consent.id}/wordings`, { texts: { en: words } });
  await made('/attributes', { path: `user_metadata.${mark}`, type: 'text', brand: other.id });
  const question = await made('/questions', { ...questionDraft, name: `About ${mark}`, brand: other.id });
  const store = await made('/stores', {
    brand: mark,
    name: `Store ${mark}`,
    time_zone: 'Europe/Berlin',
    currency: 'EUR',
  });
  const draft = { connection, password, verify_email: false, email_verified: true };
  const foreign = await made('/users', { ...draft, email: `${mark}@example.com`, name: mark });
  const ours = await made('/users', { ...draft, email: 'ours@example.com' });
  const shared = await made('/users', {
    ...draft,
    email: 'shared@example.com',
    user_metadata: { [mark]: mark, scent: 'rose' },
  });
  const toDo = { text: `Call ${mark}`, date: '2026-01-01' };
  await made(`/users/${encodeURIComponent(String(foreign.user_id))}/follow-up`, toDo);
  const { db } = api.base;
  const visits: [unknown, unknown[]][] = [
    [foreign.user_id, [other.id]],
    [ours.user_id, [own.id]],
    [shared.user_id, [own.id, other.id]],
  ];
  for (const [userId, brands] of visits) {
    const customer = await findByUserId(db, String(userId));
    const [identity] = customer ? await identitiesOf(db, customer.id) : [];
    assert.ok(customer && identity);
    const { subject } = identity;
    for (const brand of brands) {
      const visit = { subject, brand: String(brand), first_at: now(), last_at: now() };
      await db.insertInto('visits').values(visit).execute();
    }
    if (userId !== shared.user_id) continue;
    const said = { source: 'umbrella', origin: 'test', at: now() } as const;
    await learn(db, subject, [
      { ...said, path: `brands.${mark}.size`, value: mark },
      { ...said, path: 'brands.own.size', value: 'ownvalue' },
    ]);
    const row = { class: 'security', subject, source: 'test', occurredAt: now() } as const;
    await appendTimeline(db, [
      { ...row, name: 'signed_in', brand: String(other.id), portal: String(portal.client_id), data: { note: mark } },
      { ...row, name: 'signed_out', brand: String(own.id), data: { note: 'ownrow' } },
    ]);
    await made(`/users/${encodeURIComponent(String(userId))}/consents`, {
      ...{ brand: mark, purpose: 'sms', given: true, version: '1', wording: `Yes ${mark}`, language: 'en' },
      place: `till ${mark}`,
    });
  }
  const text = (value: unknown) => String(value);
  ids = {
    brand: text(other.id),
    portal: text(portal.client_id),
    grant: text(grant.id),
    consent: text(consent.id),
    question: text(question.id),
    store: text(store.id),
    user: encodeURIComponent(text(foreign.user_id)),
    own: encodeURIComponent(text(ours.user_id)),
    shared: encodeURIComponent(text(shared.user_id)),
    connection: text(connected.id),
  };
  known = object(await api.call('GET', `/users/${ids.shared}`));
  ({ headers } = await signInStaff(api, { ready: 'administrator', brands: [text(own.id)] }));
});
after(() => api.close());

type Call = readonly [url: string, body?: unknown];
const one = '00000000-0000-4000-8000-000000000000';
const filter = (condition: object) => `/users?filter=${encodeURIComponent(JSON.stringify(condition))}`;

const ofOther = `/mail-templates/${mark}/erased/en`;
const mailDraft = { subject: 'x', html: '<p>x</p>', text: 'x' };

/** How each operation is called at what is the other brand's. A new one is added here. */
const calls: Readonly<Record<string, () => readonly Call[]>> = {
  ...callsOfCode,
  ...callsOfAll,
  'POST /attributes': () => [['/attributes', { path: 'user_metadata.x', type: 'text', brand: ids.brand }]],
  'GET /attributes/{path}': () => [[`/attributes/user_metadata.${mark}`]],
  'PATCH /attributes/{path}': () => [[`/attributes/user_metadata.${mark}`, { sensitive: true }]],
  'DELETE /attributes/{path}': () => [[`/attributes/user_metadata.${mark}`]],
  'GET /audit': () => [['/audit?take=100'], [`/audit?user_id=${ids.user}`]],
  'GET /brands/{id}': () => [[`/brands/${ids.brand}`], [`/brands/${mark}`]],
  'PATCH /brands/{id}': () => [
    [`/brands/${ids.brand}`, { name: 'Taken' }],
    [`/brands/${mark}`, { name: 'Taken' }],
  ],
  'DELETE /brands/{id}': () => [[`/brands/${ids.brand}`]],
  'POST /brands/preview': () => [['/brands/preview', { name: 'x', brand: ids.brand, language: 'en', page: 'login' }]],
  'GET /client-grants': () => [['/client-grants'], [`/client-grants?client_id=${ids.portal}`]],
  'POST /client-grants': () => [['/client-grants', { client_id: ids.portal, audience: 'https://orders.example' }]],
  'GET /client-grants/{id}': () => [[`/client-grants/${ids.grant}`]],
  'PATCH /client-grants/{id}': () => [[`/client-grants/${ids.grant}`, { scope: [] }]],
  'DELETE /client-grants/{id}': () => [[`/client-grants/${ids.grant}`]],
  'POST /clients': () => [
    ['/clients', { name: 'x', brand: mark }],
    ['/clients', { name: 'x', app_type: 'non_interactive' }],
  ],
  'GET /clients/{id}': () => [[`/clients/${ids.portal}`], ['/clients/machine']],
  'PATCH /clients/{id}': () => [
    [`/clients/${ids.portal}`, { name: 'Taken' }],
    ['/clients/machine', { client_secret: 'x'.repeat(48) }],
  ],
  'DELETE /clients/{id}': () => [[`/clients/${ids.portal}`], ['/clients/machine']],
  'POST /clients/{id}/rotate-secret': () => [
    [`/clients/${ids.portal}/rotate-secret`],
    ['/clients/machine/rotate-secret'],
  ],
  'GET /clients/{id}/connections': () => [[`/clients/${ids.portal}/connections`]],
  'GET /connections/{id}': () => [[`/connections/${ids.connection}`]],
  'PATCH /connections/{id}': () => [[`/connections/${ids.connection}`, { enabled_clients: [] }]],
  'DELETE /connections/{id}': () => [[`/connections/${ids.connection}`]],
  'GET /connections/{id}/clients': () => [[`/connections/${ids.connection}/clients`]],
  'PATCH /connections/{id}/clients': () => [
    [`/connections/${ids.connection}/clients`, [{ client_id: ids.portal, status: false }]],
  ],
  'GET /consents': () => [['/consents'], [`/consents?brand=${mark}`]],
  'POST /consents': () => [
    ['/consents', { brand: mark, purpose: 'sms' }],
    ['/consents', { brand: null, purpose: 'sms' }],
  ],
  'GET /consents/{id}': () => [[`/consents/${ids.consent}`]],
  'PATCH /consents/{id}': () => [[`/consents/${ids.consent}`, { required: false }]],
  'DELETE /consents/{id}': () => [[`/consents/${ids.consent}`]],
  'GET /consents/{id}/wordings': () => [[`/consents/${ids.consent}/wordings`]],
  'POST /consents/{id}/wordings': () => [
    [`/consents/${ids.consent}/wordings`, { texts: { en: { label: 'x', details: '' } } }],
  ],
  'GET /consents/{id}/wordings/{version}': () => [[`/consents/${ids.consent}/wordings/1`]],
  'PATCH /consents/{id}/wordings/{version}': () => [
    [`/consents/${ids.consent}/wordings/1`, { texts: { en: { label: 'x', details: '' } } }],
  ],
  'DELETE /consents/{id}/wordings/{version}': () => [[`/consents/${ids.consent}/wordings/1`]],
  'POST /consents/{id}/wordings/{version}/publish': () => [[`/consents/${ids.consent}/wordings/1/publish`]],
  'POST /consents/{id}/wordings/{version}/withdraw': () => [[`/consents/${ids.consent}/wordings/1/withdraw`]],
  'POST /staff-invitations': () => [
    ['/staff-invitations', { email: 'x@umbrella.example', name: 'X', roles: [], brands: [ids.brand] }],
  ],
  'POST /questions': () => [
    ['/questions', { ...questionDraft, brand: ids.brand }],
    ['/questions', questionDraft],
  ],
  'PUT /questions/order': () => [['/questions/order', { ids: [ids.question] }]],
  'POST /questions/preview': () => [
    ['/questions/preview', { variant: questionDraft.content.variants[0], brand: ids.brand, language: 'en' }],
  ],
  'GET /questions/{id}': () => [[`/questions/${ids.question}`]],
  'GET /questions/results': () => [['/questions/results']],
  'GET /questions/{id}/audience': () => [[`/questions/${ids.question}/audience`]],
  'GET /questions/{id}/known': () => [[`/questions/${ids.question}/known?brand=${ids.brand}`]],
  'GET /questions/{id}/results': () => [[`/questions/${ids.question}/results`]],
  'GET /questions/{id}/trial': () => [[`/questions/${ids.question}/trial?user_id=${ids.user}`]],
  'GET /rules/try/input': () => [[`/rules/try/input?user_id=${ids.user}`], [`/rules/try/input?user_id=${ids.shared}`]],
  'GET /actions/triggers/{triggerId}/event': () =>
    [ids.user, ids.shared].map((id): Call => [`/actions/triggers/post-login/event?user_id=${id}`]),
  'PATCH /questions/{id}': () => [[`/questions/${ids.question}`, { name: 'Taken' }]],
  'DELETE /questions/{id}': () => [[`/questions/${ids.question}`]],
  'POST /staff-roles': () => [['/staff-roles', { name: 'x', scopes: [], attributes: {}, brands: [ids.brand] }]],
  'GET /stores': () => [['/stores'], [`/stores?brand=${ids.brand}`]],
  'POST /stores': () => [['/stores', { brand: mark, name: 'x', time_zone: 'Europe/Berlin', currency: 'EUR' }]],
  'GET /stores/{id}': () => [[`/stores/${ids.store}`]],
  'PATCH /stores/{id}': () => [[`/stores/${ids.store}`, { name: 'Taken' }]],
  'DELETE /stores/{id}': () => [[`/stores/${ids.store}`]],
  'POST /tickets/email-verification': () => [
    ['/tickets/email-verification', { user_id: decodeURIComponent(ids.user) }],
  ],
  'POST /tickets/password-change': () => [
    ['/tickets/password-change', { user_id: decodeURIComponent(ids.user) }],
    ['/tickets/password-change', { connection_id: ids.connection, email: `${mark}@example.com` }],
  ],
  'POST /jobs/verification-email': () => [
    ['/jobs/verification-email', { user_id: decodeURIComponent(ids.user) }],
    ['/jobs/verification-email', { user_id: decodeURIComponent(ids.own), client_id: ids.portal }],
  ],
  'GET /mail-templates': () => [['/mail-templates'], [`/mail-templates?brand=${mark}`]],
  'GET /mail-templates/{brand}/{kind}/{language}': () => [[ofOther], [`/mail-templates/${ids.brand}/erased/en`]],
  'PUT /mail-templates/{brand}/{kind}/{language}': () => [[ofOther, mailDraft]],
  'DELETE /mail-templates/{brand}/{kind}/{language}': () => [[ofOther]],
  'POST /mail-templates/{brand}/{kind}/{language}/preview': () => [[`${ofOther}/preview`, mailDraft]],
  'POST /mail-templates/{brand}/{kind}/{language}/test': () => [
    [`${ofOther}/test`, { ...mailDraft, to: 'ours@example.com' }],
  ],
  'GET /users/{id}/devices': () => [[`/users/${ids.user}/devices`]],
  'POST /users/{id}/address-changes': () => [
    [`/users/${ids.user}/address-changes`, { email: 'new@example.com' }],
    [`/users/${ids.own}/address-changes`, { email: 'new@example.com', client_id: ids.portal }],
  ],
  'GET /users/{id}/follow-up': () => [[`/users/${ids.user}/follow-up`]],
  'POST /users/{id}/follow-up': () => [[`/users/${ids.user}/follow-up`, { due: '2999-01-01', text: 'x' }]],
  'PATCH /users/{id}/follow-up': () => [[`/users/${ids.user}/follow-up`, { text: 'x' }]],
  'DELETE /users/{id}/follow-up': () => [[`/users/${ids.user}/follow-up`]],
  'GET /users/{id}/live': () => [[`/users/${ids.user}/live`]],
  'GET /users/{id}/questions': () => [[`/users/${ids.user}/questions`]],
  'GET /users/{id}/notes': () => [[`/users/${ids.user}/notes`]],
  'POST /users/{id}/notes': () => [[`/users/${ids.user}/notes`, { text: 'x' }]],
  'PATCH /users/{id}/notes/{note_id}': () => [[`/users/${ids.user}/notes/${one}`, { text: 'x' }]],
  'DELETE /users/{id}/notes/{note_id}': () => [[`/users/${ids.user}/notes/${one}`]],
  'GET /users/{id}/sessions': () => [[`/users/${ids.user}/sessions`]],
  'DELETE /users/{id}/sessions': () => [[`/users/${ids.user}/sessions`]],
  'GET /users/{id}/tags': () => [[`/users/${ids.user}/tags`]],
  'POST /users/{id}/tags': () => [[`/users/${ids.user}/tags`, { tags: ['x'] }]],
  'DELETE /users/{id}/tags/{tag}': () => [[`/users/${ids.user}/tags/x`]],
  'GET /users/{id}/picture': () => [[`/users/${ids.user}/picture`]],
  'GET /users/{id}/visits': () => [[`/users/${ids.user}/visits`], [`/users/${ids.shared}/visits`]],
  'GET /users/{id}/timeline': () => [[`/users/${ids.user}/timeline`], [`/users/${ids.shared}/timeline`]],
  'GET /users': () => [
    ...['/users', '/users?include_totals=true', '/users?take=10', `/users?search=${mark}`].map((url): Call => [url]),
    [filter({ attribute: 'email', is: 'starts_with', value: mark })],
    [filter({ attribute: 'brand', is: 'equals', value: mark })],
    [filter({ attribute: `brands.${mark}.size`, is: 'exists', value: true })],
    [filter({ attribute: `user_metadata.${mark}`, is: 'exists', value: true })],
    [`/users?search=${ids.user}`],
  ],
  'GET /users-by-email': () => [[`/users-by-email?email=${mark}@example.com`]],
  'GET /users/{id}': () => [[`/users/${ids.user}`], [`/users/${ids.shared}`], [`/users/${ids.shared}?fields=consents`]],
  'PATCH /users/{id}': () => [
    [`/users/${ids.user}`, { blocked: true }],
    [`/users/${ids.shared}`, { user_metadata: { [mark]: 'taken' } }],
  ],
  'DELETE /users/{id}': () => [[`/users/${ids.user}`]],
  'GET /user-blocks': () => [[`/user-blocks?identifier=${mark}@example.com`]],
  'DELETE /user-blocks': () => [[`/user-blocks?identifier=${mark}@example.com`]],
  'GET /user-blocks/{id}': () => [[`/user-blocks/${ids.user}`]],
  'DELETE /user-blocks/{id}': () => [[`/user-blocks/${ids.user}`]],
  'GET /users/{id}/authentication-methods': () => [[`/users/${ids.user}/authentication-methods`]],
  'POST /users/{id}/authentication-methods': () => [[`/users/${ids.user}/authentication-methods`, { type: 'totp' }]],
  'PUT /users/{id}/authentication-methods': () => [
    [`/users/${ids.user}/authentication-methods`, [{ type: 'email', email: 'x@example.com' }]],
  ],
  'DELETE /users/{id}/authentication-methods': () => [[`/users/${ids.user}/authentication-methods`]],
  'GET /users/{id}/authentication-methods/{authentication_method_id}': () => [
    [`/users/${ids.user}/authentication-methods/x`],
  ],
  'PATCH /users/{id}/authentication-methods/{authentication_method_id}': () => [
    [`/users/${ids.user}/authentication-methods/x`, { name: 'x' }],
  ],
  'DELETE /users/{id}/authentication-methods/{authentication_method_id}': () => [
    [`/users/${ids.user}/authentication-methods/x`],
  ],
  'GET /users/{id}/consents': () => [[`/users/${ids.user}/consents`], [`/users/${ids.shared}/consents`]],
  'POST /users/{id}/consents': () => [
    [
      `/users/${ids.own}/consents`,
      { brand: mark, purpose: 'sms', given: true, version: '1', wording: 'x', language: 'en', place: 'till' },
    ],
  ],
  'GET /users/{id}/consents/history': () => [
    [`/users/${ids.user}/consents/history`],
    [`/users/${ids.shared}/consents/history?include_totals=true`],
  ],
  'GET /users/{id}/export': () => [[`/users/${ids.user}/export`], [`/users/${ids.shared}/export`]],
  'GET /users/{id}/facts': () => [[`/users/${ids.user}/facts`], [`/users/${ids.shared}/facts`]],
  'POST /users/{id}/identities': () => [
    [
      `/users/${ids.own}/identities`,
      { provider: 'auth0', user_id: decodeURIComponent(ids.user).slice('auth0|'.length) },
    ],
    [
      `/users/${ids.user}/identities`,
      { provider: 'auth0', user_id: decodeURIComponent(ids.own).slice('auth0|'.length) },
    ],
  ],
  'DELETE /users/{id}/identities/{provider}/{user_id}': () => [
    [`/users/${ids.user}/identities/auth0/${decodeURIComponent(ids.user).slice('auth0|'.length)}`],
  ],
  'GET /users/{id}/logs': () => [[`/users/${ids.user}/logs`], [`/users/${ids.shared}/logs`]],
};

// Deleting what is not there is no error, as at Auth0.
const forgiving = new Set([
  'DELETE /users/{id}',
  'DELETE /clients/{id}',
  'DELETE /client-grants/{id}',
  'DELETE /sessions/{id}',
]);

test('security row 16: who is limited to a brand sees and changes nothing of another one, by no operation', async () => {
  await walk(headers);
  const till = object(await api.call('POST', '/clients', { name: 'Till', app_type: 'non_interactive' }));
  const client_id = String(till.client_id);
  const own = object(await api.call('GET', '/brands/own')).id;
  const scope = [...new Set(routes.flatMap(scopesFor))];
  const draft = { client_id, audience: managementAudience(api.base), scope, brands: [own] };
  const grant = object(await api.call('POST', '/client-grants', draft));
  assert.deepEqual(grant.brands, [own]);
  const authorization = `Bearer ${await api.token({ azp: client_id, sub: `${client_id}@clients` })}`;
  await walk({ authorization });
  assert.deepEqual(
    list(await api.send('GET', `/users/${ids.shared}/visits`, { headers: { authorization } })).length,
    1,
  );
  await api.call('DELETE', `/client-grants/${grant.id}`);
});

/** Calls every operation at what is the other brand's. */
async function walk(headers: Record<string, string>): Promise<void> {
  for (const { method, path } of routes) {
    const found = calls[`${method} ${path}`]?.();
    assert.ok(found, `${method} ${path} is not known to this test: say above how it is called at another brand`);
    for (const [url, body] of found) {
      const answer: Answer = await api.send(method, url, { headers, ...(body !== undefined && { body }) });
      const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
      assert.ok(answer.status < 500, `${method} ${url} answered ${answer.status}: ${text}`);
      const isDone = answer.status < 300;
      if (isDone) assert.ok(!text.includes(mark), `${method} ${url} tells of the other brand: ${text.slice(0, 3000)}`);
      if (method !== 'GET' && !forgiving.has(`${method} ${path}`)) {
        assert.ok(!isDone, `${method} ${url} answered ${answer.status}: ${text.slice(0, 500)}`);
      }
      const isThere = method === 'GET' && url.startsWith(`/users/${ids.user}`);
      if (isThere) assert.equal(answer.status, 404, url);
    }
  }
}

test('what is their own they see and change, and what the other brand has is as it was', async () => {
  const get = (url: string) => api.send('GET', url, { headers });
  for (const url of ['/brands/own', `/users/${ids.own}`, `/users/${ids.shared}`]) {
    assert.equal((await get(url)).status, 200, url);
  }
  const seen = list(await get('/users'));
  assert.deepEqual(seen.length, 2);
  assert.ok(JSON.stringify((await get(`/users/${ids.shared}/facts`)).body).includes('ownvalue'));
  assert.ok(JSON.stringify((await get(`/users/${ids.shared}/logs`)).body).includes('ownrow'));
  const patched = await api.send('PATCH', `/users/${ids.own}`, { headers, body: { user_metadata: { scent: 'rose' } } });
  assert.equal(patched.status, 200);
  const draft = { connection, password, email: 'made@example.com', email_verified: true };
  const made = await api.send('POST', '/users', { headers, body: draft });
  assert.equal(made.status, 201);
  const made2 = await get(`/users/${encodeURIComponent(String(object(made).user_id))}`);
  assert.equal(made2.status, 200, 'a customer whom they made is theirs');
  const portal = await api.send('POST', '/clients', { headers, body: { name: 'Mine' } });
  assert.equal(object(portal).brand, object(await get('/brands/own')).id, 'a portal that names no brand');

  const urls = [`/users/${ids.user}`, `/clients/${ids.portal}`, `/client-grants/${ids.grant}`, `/stores/${ids.store}`];
  for (const url of [...urls, `/brands/${mark}`, `/consents/${ids.consent}/wordings/1`, '/clients/machine']) {
    const there = await api.call('GET', url);
    assert.equal(there.status, 200, url);
    assert.ok(url.includes('machine') || url.includes('grants') || JSON.stringify(there.body).includes(mark), url);
  }
  assert.deepEqual(object(await api.call('GET', `/users/${ids.shared}`)), known);
  assert.ok(!('blocked' in object(await api.call('GET', `/users/${ids.user}`))));
});
