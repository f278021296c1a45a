import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { list, type ManagementTest, managementTest, object } from '../../../test/management.ts';
import { signInStaff } from '../../../test/staff-caller.ts';
import { now } from '../../base/clock.ts';
import { uuid } from '../../base/ids.ts';
import { findByUserId, identitiesOf } from '../../features/customers/customers.ts';
import { ensureFirstStaff } from './first-start.ts';

// A customer of two brands, as somebody meets them who is limited to one.

let api: ManagementTest;
let headers: Record<string, string> = {};
let user = '';
let portals: readonly string[] = [];
const uid = uuid();

before(async () => {
  api = await managementTest();
  await ensureFirstStaff(api.base);
  const made = async (path: string, body: object) => object(await api.call('POST', path, body));
  await made('/connections', { name: 'Username-Password-Authentication', strategy: 'auth0' });
  const brands = [await made('/brands', { slug: 'own', name: 'Own' }), await made('/brands', { slug: 'o', name: 'O' })];
  const clients = [
    await made('/clients', { name: 'A', brand: 'own' }),
    await made('/clients', { name: 'B', brand: 'o' }),
  ];
  portals = clients.map(({ client_id }) => String(client_id));
  const draft = { connection: 'Username-Password-Authentication', password: 'correct horse battery' };
  const { user_id } = await made('/users', { ...draft, email: 'shared@example.com', email_verified: true });
  user = `/users/${encodeURIComponent(String(user_id))}`;
  const customer = await findByUserId(api.base.db, String(user_id));
  const [identity] = customer ? await identitiesOf(api.base.db, customer.id) : [];
  assert.ok(customer && identity);
  const at = now();
  for (const brand of brands) {
    const visit = { subject: identity.subject, brand: String(brand.id), first_at: at, last_at: at };
    await api.base.db.insertInto('visits').values(visit).execute();
  }
  const authorizations = Object.fromEntries(portals.map((portal) => [portal, { sid: portal }]));
  const payload = { uid, accountId: user_id, loginTs: Math.floor(at.getTime() / 1000), amr: ['pwd'], authorizations };
  const times = { created_at: at, seen_at: at, expires_at: new Date(at.getTime() + 3_600_000) };
  await api.base.db
    .insertInto('sessions')
    .values({ id_hash: Buffer.from(uid), uid, customer: customer.id, payload: JSON.stringify(payload), ...times })
    .execute();
  ({ headers } = await signInStaff(api, { ready: 'administrator', brands: [String(brands[0]?.id)] }));
});
after(() => api.close());

test('security row 16: a session tells nothing of the portals of other brands', async () => {
  const clientsOf = async (url: string, of?: Record<string, string>) => {
    const answer = of ? await api.send('GET', url, { headers: of }) : await api.call('GET', url);
    const shown = object(answer);
    const [one] = Array.isArray(shown.sessions) ? shown.sessions : [shown];
    return one.clients.map(({ client_id }: { client_id: string }) => client_id);
  };
  for (const url of [`${user}/sessions`, `/sessions/${uid}`]) {
    assert.deepEqual((await clientsOf(url)).toSorted(), portals.toSorted(), url);
    assert.deepEqual(await clientsOf(url, headers), portals.slice(0, 1), url);
  }
});

test('security row 16: what was allowed to the umbrella is not written by who is limited to a brand', async () => {
  const said = { purpose: 'email', given: true, version: '1', wording: 'Yes', language: 'en', place: 'till' };
  const say = (brand: string | null) => api.send('POST', `${user}/consents`, { headers, body: { ...said, brand } });
  const refused = await say(null);
  assert.equal(refused.status, 403, JSON.stringify(refused.body));
  assert.equal(object(refused).errorCode, 'insufficient_brands');
  assert.deepEqual(list(await api.call('GET', `${user}/consents`)), []);
  assert.equal((await say('own')).status, 201);
});
