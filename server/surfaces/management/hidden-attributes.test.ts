import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { allows } from '../../../contract/path-rule.ts';
import { callsOfCode } from '../../../test/calls-of-code.ts';
import { list, type ManagementTest, managementTest, object } from '../../../test/management.ts';
import { type Member, signInStaff } from '../../../test/staff-caller.ts';
import { now } from '../../base/clock.ts';
import { triggerIds } from '../../features/actions/actions.ts';
import { addIdentity, appendTimeline, findByUserId, identitiesOf, learn } from '../../features/customers/customers.ts';
import { pathRule } from '../../features/staff/staff.ts';
import { ensureFirstStaff } from './first-start.ts';
import { scopesFor } from './route.ts';
import { routes } from './routes.ts';

let api: ManagementTest;
let userId = '';
let internalId = '';
let question = '';
const connection = 'Username-Password-Authentication';
const password = 'correct horse battery';

// What is planted, by path: each value is to be found nowhere else.
const address = 'zuleika.quince@plants.example';
const phone = '+4915199887766';
const planted: Readonly<Record<string, readonly string[]>> = {
  'app_metadata.income_area': ['planted-income-area'],
  'user_metadata.allergy': ['planted-allergy'],
  likes: ['planted-liking'],
  email: [address, 'zuleika.quince', createHash('md5').update(address).digest('hex')],
  phone_number: [phone],
  given_name: ['Plantedgiven'],
  'brands.main.size': ['planted-size'],
};

const everyScope = () => routes.flatMap(scopesFor);
const reading = () => everyScope().filter((scope) => scope.startsWith('read:') && scope !== 'read:user_idp_tokens');
const members: () => readonly [name: string, member: Member][] = () => [
  ...['administrator', 'developer', 'marketer', 'associate', 'support', 'auditor'].map((ready): [string, Member] => [
    ready,
    { ready },
  ]),
  // The associate may not see it by any call, whatever else they may do.
  ['associate with every scope that reads', { ready: 'associate', scopes: reading() }],
  ['no brand’s values', { ready: 'auditor', scopes: reading(), reads: ['*', '-brands.*'] }],
  ['no addresses', { ready: 'auditor', scopes: reading(), reads: ['*', '-email', '-phone_number'] }],
  ['given name alone', { ready: 'auditor', scopes: reading(), reads: ['given_name'] }],
  ['nothing', { ready: 'auditor', scopes: reading(), reads: [] }],
  ['writes and sees nothing', { ready: 'administrator', reads: [], writes: ['*'] }],
];

before(async () => {
  api = await managementTest();
  await ensureFirstStaff(api.base);
  const made = async (path: string, body: unknown) => {
    const answer = await api.call('POST', path, body);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return object(answer);
  };
  await made('/connections', { name: connection, strategy: 'auth0' });
  await made('/attributes', { path: 'user_metadata.allergy', type: 'text', sensitive: true });
  const user = await made('/users', {
    connection,
    password,
    email: address,
    email_verified: true,
    verify_email: false,
    given_name: 'Plantedgiven',
    phone_number: phone,
    user_metadata: { allergy: 'planted-allergy' },
    app_metadata: { income_area: 'planted-income-area' },
  });
  userId = String(user.user_id);
  const customer = await findByUserId(api.base.db, userId);
  assert.ok(customer);
  internalId = customer.id;
  const field = { type: 'text', key: 'job', labels: { en: 'Work?' }, path: 'user_metadata.job' };
  const known = { attribute: 'user_metadata.allergy', is: 'exists', value: true };
  const content = { variants: [{ key: 'a', heading: { en: 'x' }, fields: [field] }], when: known };
  question = String((await made('/questions', { name: 'Work', content })).id);
  const { subject } = await addIdentity(api.base.db, customer.id, {
    provider: 'google-oauth2',
    connection: 'google-oauth2',
    userIdAtProvider: '1234567',
    isSocial: true,
    profileData: { mail: address, income: { area: 'planted-income-area' }, likes: ['planted-liking'], name: address },
    facts: [{ path: 'likes', value: ['planted-liking'], source: 'network', origin: 'google-oauth2', at: now() }],
    proofs: [],
    at: now(),
  });
  const said = { source: 'umbrella', origin: 'test', at: now() } as const;
  await learn(api.base.db, subject, [{ ...said, path: 'brands.main.size', value: 'planted-size' }]);
  await api.call('PATCH', user_(), { app_metadata: { income_area: 'planted-income-area', tier: 1 } });
  const row = { class: 'security', subject, source: 'test', occurredAt: now() } as const;
  await appendTimeline(api.base.db, [
    {
      ...row,
      name: 'value_corrected',
      data: { path: 'app_metadata.income_area', value: 'planted-income-area', before: 'planted-income-area' },
    },
    {
      ...row,
      name: 'address_added',
      data: { address, identifier: address, phone_number: phone, likes: 'planted-liking' },
    },
    { ...row, name: 'profile_changed', data: { paths: ['app_metadata.income_area'], given_name: 'Plantedgiven' } },
  ]);
  const line = JSON.stringify(planted);
  await api.base.pool.query(
    `insert into rule_lines (customer, rule, at, level, line, expires_at)
     values ($1, 'rul_x', now(), 'log', $2, now() + interval '1 day')`,
    [internalId, line],
  );
  await made(`${user_()}/follow-up`, { text: 'Call', date: '2026-01-01' });
  const sms = { type: 'phone', phone_number: phone, preferred_authentication_method: 'sms' };
  for (const way of [sms, { type: 'email', email: address }]) await made(`${user_()}/authentication-methods`, way);
});
after(() => api.close());

const user_ = () => `/users/${encodeURIComponent(userId)}`;
const filterOf = (condition: object) => encodeURIComponent(JSON.stringify(condition));

/** How each operation that reads is called, with what could tell something. A new one is added here. */
const calls: Readonly<Record<string, () => readonly string[]>> = {
  ...Object.fromEntries(
    Object.entries(callsOfCode)
      .filter(([operation]) => operation.startsWith('GET '))
      .map(([operation, urls]) => [operation.slice('GET '.length), () => urls().map(([url]) => url)]),
  ),
  // Told live as the log shows it, to the same few.
  '/rules/log/live': () => ['/rules/log/live?unknown=1'],
  '/actions/log/live': () => ['/actions/log/live?unknown=1'],
  '/attributes': () => ['/attributes'],
  '/attributes/{path}': () => ['/attributes/user_metadata.allergy'],
  '/audit': () => ['/audit', `/audit?user_id=${encodeURIComponent(userId)}`],
  '/audit/export': () => ['/audit/export'],
  '/audit/verify': () => ['/audit/verify'],
  '/brands': () => ['/brands'],
  '/brands/{id}': () => ['/brands/main'],
  '/brand-texts': () => ['/brand-texts'],
  '/client-grants': () => ['/client-grants'],
  '/client-grants/{id}': () => ['/client-grants/x'],
  '/clients': () => ['/clients'],
  '/clients/{id}': () => ['/clients/machine'],
  '/clients/{id}/connections': () => ['/clients/machine/connections'],
  '/connections': () => ['/connections'],
  '/connections/{id}': () => ['/connections/con_0000000000000000'],
  '/connections/{id}/clients': () => ['/connections/con_0000000000000000/clients'],
  '/consents': () => ['/consents'],
  '/consents/{id}': () => [`/consents/${internalId}`],
  '/consents/{id}/wordings': () => [`/consents/${internalId}/wordings`],
  '/consents/{id}/wordings/{version}': () => [`/consents/${internalId}/wordings/1`],
  '/questions': () => ['/questions'],
  '/questions/results': () => ['/questions/results'],
  '/questions/{id}': () => [`/questions/${internalId}`],
  '/questions/{id}/audience': () => [`/questions/${question}/audience`, `/questions/${question}/audience?exact=true`],
  '/questions/{id}/known': () => [`/questions/${question}/known`],
  '/questions/{id}/results': () => [`/questions/${question}/results`],
  '/resource-servers': () => ['/resource-servers'],
  '/resource-servers/{id}': () => ['/resource-servers/x'],
  '/staff': () => ['/staff'],
  '/staff/me': () => ['/staff/me'],
  '/staff/{id}': () => [`/staff/${internalId}`],
  '/staff/{id}/sessions': () => [`/staff/${internalId}/sessions`],
  '/staff-invitations': () => ['/staff-invitations'],
  '/staff-invitations/{id}': () => [`/staff-invitations/${internalId}`],
  '/staff-roles': () => ['/staff-roles'],
  '/staff-roles/{id}': () => [`/staff-roles/${internalId}`],
  '/stores': () => ['/stores'],
  '/stores/{id}': () => [`/stores/${internalId}`],
  '/anomaly/blocks/ips/{id}': () => ['/anomaly/blocks/ips/192.0.2.1'],
  '/attack-protection/blocks': () => ['/attack-protection/blocks'],
  '/attack-protection/breached-password-detection': () => ['/attack-protection/breached-password-detection'],
  '/attack-protection/brute-force-protection': () => ['/attack-protection/brute-force-protection'],
  '/attack-protection/counts': () => ['/attack-protection/counts'],
  '/attack-protection/limits': () => ['/attack-protection/limits'],
  '/attack-protection/suspicious-ip-throttling': () => ['/attack-protection/suspicious-ip-throttling'],
  '/keys/signing': () => ['/keys/signing'],
  '/keys/signing/{kid}': () => ['/keys/signing/x'],
  '/mail-kinds': () => ['/mail-kinds'],
  '/mail-templates': () => ['/mail-templates'],
  '/mail-templates/{brand}/{kind}/{language}': () => ['/mail-templates/main/erased/en'],
  '/outbox': () => ['/outbox'],
  '/outbox/{id}': () => [`/outbox/${internalId}`],
  '/sessions/{id}': () => ['/sessions/x'],
  '/users/{id}/devices': () => [`${user_()}/devices`],
  '/follow-ups': () => ['/follow-ups'],
  '/users/{id}/follow-up': () => [`${user_()}/follow-up`],
  // Told live as the timeline shows it: user-live.test.ts looks for what is hidden there.
  '/users/{id}/live': () => ['/users/x/live'],
  '/questions/{id}/trial': () => [`/questions/${question}/trial?user_id=${encodeURIComponent(userId)}`],
  '/rules/try/input': () => [`/rules/try/input?user_id=${encodeURIComponent(userId)}`],
  '/actions/triggers/{triggerId}/event': () =>
    triggerIds.map((id) => `/actions/triggers/${id}/event?user_id=${encodeURIComponent(userId)}`),
  '/users/{id}/questions': () => [`${user_()}/questions`],
  '/users/{id}/notes': () => [`${user_()}/notes`],
  '/users/{id}/sessions': () => [`${user_()}/sessions`],
  '/users/{id}/tags': () => [`${user_()}/tags`],
  '/users/{id}/picture': () => [`${user_()}/picture`],
  '/users/{id}/visits': () => [`${user_()}/visits`],
  '/users/{id}/timeline': () => [`${user_()}/timeline?take=100`],
  '/umbrella': () => ['/umbrella'],
  '/first-sign-in': () => ['/first-sign-in'],
  '/users': () => [
    '/users',
    '/users?include_totals=true',
    '/users?fields=app_metadata,user_metadata,email,likes,name,identities',
    '/users?fields=user_id&include_fields=false',
    '/users?take=10',
    ...['email', 'name', 'given_name', 'phone_number', 'family_name', 'username'].map((by) => `/users?sort=${by}:1`),
    '/users?search=zul',
    `/users?search=${encodeURIComponent(phone)}`,
    ...Object.entries(planted).flatMap(([attribute, [value = '']]) => [
      `/users?filter=${filterOf({ attribute, is: 'equals', value })}`,
      `/users?filter=${filterOf({ attribute, is: 'exists', value: true })}`,
    ]),
  ],
  '/users-by-email': () => [`/users-by-email?email=${encodeURIComponent(address)}`],
  '/users/{id}': () => [user_(), `${user_()}?fields=app_metadata`, `${user_()}?fields=consents`],
  '/users/{id}/authentication-methods': () => [`${user_()}/authentication-methods`],
  '/users/{id}/authentication-methods/{authentication_method_id}': () => [`${user_()}/authentication-methods/x`],
  '/users/{id}/consents': () => [`${user_()}/consents`],
  '/users/{id}/consents/history': () => [`${user_()}/consents/history`],
  '/users/{id}/export': () => [`${user_()}/export`],
  '/users/{id}/facts': () => [`${user_()}/facts`],
  '/users/{id}/logs': () => [`${user_()}/logs`],
  '/user-blocks': () => [`/user-blocks?identifier=${encodeURIComponent(address)}`],
  '/user-blocks/{id}': () => [`/user-blocks/${encodeURIComponent(userId)}`],
};

test('security row 16: no page, search, sort, filter, export or call tells a value that a role hides', async () => {
  const sensitive = new Set(['user_metadata.allergy', 'likes']);
  const seen = new Map<string, Set<string>>();
  for (const [name, member] of members()) {
    const { headers } = await signInStaff(api, member);
    const me = object(await api.send('GET', '/staff/me', { headers }));
    assert.ok(me.attributes !== null && typeof me.attributes === 'object' && 'read' in me.attributes);
    const paths = me.attributes.read;
    assert.ok(Array.isArray(paths));
    const rule = pathRule(paths.map(String), sensitive);
    const hidden = Object.entries(planted).filter(([path]) => !allows(rule, path));
    for (const route of routes.filter(({ method }) => method === 'GET')) {
      const urls = calls[route.path]?.();
      assert.ok(urls, `GET ${route.path} is not known to this test: say above how it is called`);
      for (const url of urls) {
        const answer = await api.send('GET', url, { headers });
        assert.ok([200, 400, 403, 404].includes(answer.status), `${name}: ${url} answered ${answer.status}`);
        const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
        // What was asked may be said again in a refusal; nothing more.
        const told = answer.status === 200 ? text : '';
        for (const [path, values] of hidden) {
          for (const value of values) {
            assert.ok(
              !told.toLowerCase().includes(value.toLowerCase()),
              `${name} gets ${path} by ${url}: ${text.slice(0, 2000)}`,
            );
          }
          const asks = url.includes('filter=') && decodeURIComponent(url).includes(`"${path}"`);
          if (asks && answer.status !== 403) assert.equal(answer.status, 403, `${name} may filter by ${path}`);
        }
        for (const [path, values] of Object.entries(planted)) {
          if (values.some((value) => told.includes(value)))
            seen.set(path, (seen.get(path) ?? new Set()).add(route.path));
        }
      }
    }
    if (!allows(rule, 'email')) {
      for (const url of [
        ...(calls['/users-by-email']?.() ?? []),
        ...(calls['/user-blocks']?.() ?? []),
        '/users?sort=name:1',
      ]) {
        assert.equal((await api.send('GET', url, { headers })).status, 403, `${name}: ${url}`);
      }
      const found = await api.send('GET', '/users?search=zuleika', { headers });
      if (found.status === 200) assert.deepEqual(object(found).users, [], `${name} finds by an address that is hidden`);
    }
  }
  // The walk would see them if they were shown: whoever may, does.
  for (const [path, where] of [
    [
      'app_metadata.income_area',
      ['/users', '/users/{id}', '/users/{id}/facts', '/users/{id}/export', '/users/{id}/logs', '/audit'],
    ],
    ['brands.main.size', ['/users', '/users/{id}', '/users/{id}/facts', '/users/{id}/export']],
    ['likes', ['/users/{id}', '/users/{id}/facts', '/users/{id}/export', '/users/{id}/logs']],
    [
      'email',
      ['/users', '/users-by-email', '/users/{id}', '/users/{id}/authentication-methods', '/user-blocks/{id}', '/audit'],
    ],
  ] as const) {
    for (const one of where) {
      if (one === '/user-blocks/{id}') continue; // nobody is blocked
      assert.ok(seen.get(path)?.has(one), `${path} is planted at ${one}`);
    }
  }
});

test('security row 16: who does not see IP addresses does not see where they are, nor addresses deep inside', async () => {
  const [identity] = await identitiesOf(api.base.db, internalId);
  assert.ok(identity);
  const data = {
    place: { country: 'FR', city: 'Plantedcity', latitude: 45.7578, longitude: 4.832 },
    new_place: true,
    impossible_travel: { kilometres: 8_765, hours: 1 },
    answer: { inside: [{ mail: address }] },
  };
  const row = { class: 'security', subject: identity.subject, source: 'test', occurredAt: now() } as const;
  await appendTimeline(api.base.db, [{ ...row, name: 'signed_in', ip: '192.0.2.55', data }]);
  const hidden = ['Plantedcity', '45.7578', 'new_place', '8765', '192.0.2.55', 'zuleika.quince'];
  const urls = ['timeline?take=100', 'logs', 'export'].map((part) => `${user_()}/${part}`);
  const told = async (reads: string[], url: string) => {
    const { headers } = await signInStaff(api, { ready: 'auditor', scopes: reading(), reads });
    const answer = await api.send('GET', url, { headers });
    assert.equal(answer.status, 200, url);
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    return hidden.filter((one) => text.includes(one));
  };
  for (const url of urls) {
    assert.deepEqual(await told(['*', '-last_ip', '-email'], url), [], url);
    assert.ok((await told(['*'], url)).includes('Plantedcity'), `it is planted at ${url}`);
  }
});

test('security row 17: nobody writes what they may not, nor vouches for it, and nothing is half written', async () => {
  const may = ['user_metadata.*', '-user_metadata.allergy'];
  const { headers } = await signInStaff(api, { ready: 'administrator', reads: ['*'], writes: may });
  const patch = (body: object) => api.send('PATCH', user_(), { headers, body });
  const refused: [object, path: string][] = [
    [{ user_metadata: { scent: 'rose' }, app_metadata: { income_area: 'x' } }, 'app_metadata.income_area'],
    [{ user_metadata: { scent: 'rose', allergy: 'x' } }, 'user_metadata.allergy'],
    [{ given_name: 'Eve' }, 'given_name'],
    [{ email: 'eve@evil.example' }, 'email'],
    [{ email_verified: true }, 'email_verified'],
    [{ phone_verified: true }, 'phone_verified'],
    [{ password: 'a very long new password' }, 'password'],
    [{ no_such_attribute: 1 }, 'no_such_attribute'],
    [{ app_metadata: { no_such: 1 } }, 'app_metadata.no_such'],
  ];
  for (const [body, path] of refused) {
    const answer = await patch(body);
    assert.deepEqual(
      answer.body,
      {
        statusCode: 403,
        error: 'Forbidden',
        message: `You may not write ${path}.`,
        errorCode: 'insufficient_attributes',
      },
      path,
    );
  }
  const kept = object(await api.call('GET', user_()));
  assert.deepEqual(kept.user_metadata, { allergy: 'planted-allergy' }, 'nothing of a refused change is written');
  assert.equal((await patch({ user_metadata: { scent: 'rose' } })).status, 200);
  await api.call('PATCH', user_(), { user_metadata: { scent: null } });

  const draft = { connection, password, email: 'new@plants.example', email_verified: true };
  const made = await api.send('POST', '/users', { headers, body: draft });
  assert.equal(made.status, 403);
  assert.equal(list(await api.call('GET', '/users-by-email?email=new@plants.example')).length, 0);
});

test('a unique value that is hidden is not told by "it exists already"', async () => {
  const { headers } = await signInStaff(api, {
    ready: 'administrator',
    reads: ['*', '-email', '-phone_number'],
    writes: ['*'],
  });
  for (const email of [address, 'free@plants.example']) {
    const created = await api.send('POST', '/users', { headers, body: { connection, password, email } });
    assert.equal(created.status, 403, 'taken or not');
    const ticket = { connection_id: 'con_0000000000000000', email };
    assert.equal((await api.send('POST', '/tickets/password-change', { headers, body: ticket })).status, 403);
  }
  const phoneFactor = { type: 'phone', phone_number: phone, preferred_authentication_method: 'sms' };
  const added = await api.send('POST', `${user_()}/authentication-methods`, { headers, body: phoneFactor });
  assert.equal(added.status, 403);
});

test('machines have lists, too: by their client grant, from the next request on', async () => {
  const { db } = api.base;
  await db
    .updateTable('client_grants')
    .set({ reads: ['*', '-app_metadata.income*'], writes: ['user_metadata.*'] })
    .execute();
  const user = await api.call('GET', user_());
  assert.ok(!JSON.stringify(user.body).includes('planted-income-area'));
  assert.equal((await api.call('PATCH', user_(), { app_metadata: { tier: 2 } })).status, 403);
  await db
    .updateTable('client_grants')
    .set({ reads: ['*'], writes: ['*'] })
    .execute();
  assert.ok(JSON.stringify((await api.call('GET', user_())).body).includes('planted-income-area'), 'at once');
  await db.deleteFrom('client_grants').execute();
  const after = object(await api.call('GET', user_()));
  assert.deepEqual([after.email, after.app_metadata], [undefined, undefined], 'without a grant no attribute is seen');
});
