import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ManagementTest, managementTest, object, unique } from '../../../test/management.ts';
import { type Outside, openOutside, plain } from '../../../test/pictures.ts';
import { signInStaff } from '../../../test/staff-caller.ts';
import { writeOutgoingHosts } from '../../base/outgoing-hosts.ts';
import { ensureFirstStaff } from './first-start.ts';

const connection = 'Username-Password-Authentication';
let api: ManagementTest;
let outside: Outside;
before(async () => {
  api = await managementTest();
  await ensureFirstStaff(api.base);
  await api.call('POST', '/connections', { name: connection, strategy: 'auth0' });
  outside = await openOutside({ '/ada': await plain(900, 900).jpeg().toBuffer(), '/html': '<script>' });
  const { db, settings } = api.base;
  await writeOutgoingHosts(db, settings, [new URL(outside.url).host]);
  await settings.refresh();
});
after(async () => {
  await outside?.[Symbol.asyncDispose]();
  await api?.close();
});

async function customer(picture?: string): Promise<string> {
  const draft = { connection, email: `${unique('u')}@example.com`, password: 'correct horse', verify_email: false };
  const made = await api.call('POST', '/users', { ...draft, ...(picture !== undefined && { picture }) });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return `/users/${encodeURIComponent(String(object(made).user_id))}`;
}

test('a customer’s picture is made anew, kept by the browser for who may see it, and in the audit log as any part of the profile', async () => {
  const user = await customer(`${outside.url}/ada`);
  const { id, headers } = await signInStaff(api, { ready: 'administrator' });
  const { status, body, headers: told } = await api.send('GET', `${user}/picture`, { headers });
  assert.equal(status, 200, String(body));
  assert.match(String(body), /^RIFF.{4,9}WEBP/s);
  assert.equal(told['content-type'], 'image/webp');
  assert.equal(told['x-content-type-options'], 'nosniff');
  assert.equal(told['content-security-policy'], "default-src 'none'; sandbox");
  assert.equal(told['cache-control'], 'private, no-cache');
  const again = { headers: { ...headers, 'if-none-match': `W/"other", ${told.etag}` } };
  assert.equal((await api.send('GET', `${user}/picture`, again)).status, 304);
  assert.equal((await api.call('GET', `${user}/picture`)).status, 200, 'for machines, too');
  const { audit } = object(await api.send('GET', '/audit?take=100', { headers }));
  assert.ok(Array.isArray(audit));
  const rows = audit.filter(({ by }) => by.id === id);
  assert.deepEqual(
    rows.map(({ act, route }) => `${act} ${route}`).filter((row) => row.includes('picture')),
    Array(2).fill('read GET /users/{id}/picture'),
  );
  assert.equal(outside.asked.length, 1);
});

test('security row 16: a hidden picture is answered as none is, and as one that cannot be had; its site is not asked', async () => {
  const [seen, none, broken] = [
    await customer(`${outside.url}/ada?hidden`),
    await customer(),
    await customer(`${outside.url}/html`),
  ];
  outside.answers['/ada?hidden'] = await plain().png().toBuffer();
  const asked = outside.asked.length;
  const member = { ready: 'auditor', scopes: ['read:users'] };
  const hides = await signInStaff(api, { ...member, reads: ['*', '-picture'] });
  const sees = await signInStaff(api, { ...member, reads: ['*'] });
  const answer = async (user: string, { headers }: typeof sees, more = {}) => {
    const told = await api.send('GET', `${user}/picture`, { headers: { ...headers, ...more } });
    const { date: _, ...rest } = told.headers;
    for (const name of Object.keys(rest)) if (name.startsWith('x-ratelimit')) delete rest[name];
    return { ...told, headers: rest };
  };
  const hidden = await answer(seen, hides);
  assert.equal(hidden.status, 404);
  assert.deepEqual(hidden.body, {
    statusCode: 404,
    error: 'Not Found',
    message: 'There is no picture that can be shown.',
    errorCode: 'no_picture',
  });
  assert.equal(outside.asked.length, asked, 'its site is not asked');
  assert.deepEqual(await answer(none, hides), hidden);
  assert.deepEqual(await answer(none, sees), hidden);
  assert.deepEqual(await answer(broken, sees), hidden);
  const shown = await answer(seen, sees);
  assert.equal(shown.status, 200);
  assert.deepEqual(await answer(seen, hides), hidden, 'nor when it is kept already');
  assert.deepEqual(await answer(seen, hides, { 'if-none-match': String(shown.headers.etag) }), hidden);
});

test('who is limited to another brand is told that there is no such user; who may not read users nothing', async () => {
  const user = await customer(`${outside.url}/ada`);
  const { id } = object(await api.call('POST', '/brands', { slug: unique('brand'), name: 'Other' }));
  const limited = await signInStaff(api, { ready: 'associate', brands: [String(id)] });
  const answer = await api.send('GET', `${user}/picture`, { headers: limited.headers });
  assert.equal(object(answer).errorCode, 'inexistent_user');
  const none = await signInStaff(api, { ready: 'developer', scopes: ['read:brands'] });
  assert.equal((await api.send('GET', `${user}/picture`, { headers: none.headers })).status, 403);
  const { 'x-regulars-console': _, ...unmarked } = (await signInStaff(api, { ready: 'administrator' })).headers;
  assert.equal((await api.send('GET', `${user}/picture`, { headers: unmarked })).status, 403, 'no site embeds it');
});

test('of a default that nobody said Gravatar is not asked', async () => {
  const user = await customer();
  assert.match(String(object(await api.call('GET', user)).picture), /^https:\/\/s\.gravatar\.com\/avatar\//);
  const { kept } = api.base.pictures.work();
  assert.equal((await api.call('GET', `${user}/picture`)).status, 404);
  assert.equal(api.base.pictures.work().kept, kept);
  const other = await customer(`${outside.url}/none`);
  assert.equal((await api.call('GET', `${other}/picture`)).status, 404);
  assert.ok(api.base.pictures.work().kept > kept, 'of one that was said it is remembered that it could not be had');
});
