import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ManagementTest, managementTest, object } from '../../../test/management.ts';
import { signInStaff } from '../../../test/staff-caller.ts';
import { insertConsents } from '../../features/consents/store.ts';
import { findByUserId, identitiesOf, insertMadeFor, recordSignIn } from '../../features/customers/customers.ts';
import { ensureFirstStaff } from './first-start.ts';

let api: ManagementTest;
before(async () => {
  api = await managementTest();
  await ensureFirstStaff(api.base);
});
after(() => api.close());

const scent = { type: 'text', key: 'scent', labels: { en: 'Which scent?' }, path: 'user_metadata.scent' };
const draft = (field: object, when: object | null = null) => ({
  name: 'Limits',
  content: { variants: [{ key: 'a', heading: { en: 'About you' }, fields: [{ ...scent, ...field }] }], when },
});

test('security row 17: who may not write an attribute lets nobody be asked for it', async () => {
  const path = 'app_metadata.roles';
  const { headers } = await signInStaff(api, { ready: 'marketer' });
  const write = (method: 'POST' | 'PATCH', to: string, body: object) => api.send(method, to, { headers, body });
  assert.equal((await write('POST', '/attributes', { path, type: 'text', askable: true })).status, 403);
  assert.equal((await write('POST', '/attributes', { path, type: 'text' })).status, 201);
  assert.equal((await write('PATCH', `/attributes/${path}`, { askable: true })).status, 403);
  assert.equal((await write('POST', '/questions', draft({ path }))).status, 400);
  assert.equal((await api.call('PATCH', `/attributes/${path}`, { askable: true })).status, 200);
  const same = { askable: true, labels: { en: 'Role' } };
  assert.equal((await write('PATCH', `/attributes/${path}`, same)).status, 200, 'it stays as it is');
});

test('what may not be asked any more does not go live again', async () => {
  const path = 'app_metadata.shoe_size';
  assert.equal((await api.call('POST', '/attributes', { path, type: 'text', askable: true })).status, 201);
  const made = await api.call('POST', '/questions', { ...draft({ path }), state: 'live' });
  const question = `/questions/${object(made).id}`;
  await api.call('PATCH', `/attributes/${path}`, { askable: false });
  assert.equal((await api.call('PATCH', question, { name: 'Other' })).status, 200);
  assert.equal((await api.call('PATCH', question, { state: 'paused' })).status, 200);
  const again = await api.call('PATCH', question, { state: 'live' });
  assert.equal(again.status, 400);
  assert.match(String(object(again).message), /customers do not write app_metadata\.shoe_size/);
});

test('security row 16: to count whom a condition finds takes the right to read users, and is told in the audit log', async () => {
  const made = await api.call('POST', '/questions', draft({}, { attribute: 'email', is: 'starts_with', value: 's' }));
  const audience = `/questions/${object(made).id}/audience?exact=true`;
  await api.run({ name: 'no users', call: ['GET', audience], scopes: 'read:questions create:questions', status: 403 });
  const { id, headers } = await signInStaff(api, { ready: 'marketer' });
  assert.equal((await api.send('GET', audience, { headers })).status, 200);
  const rows = await api.base.db.selectFrom('audit').select('about').where('who', '=', id).execute();
  assert.deepEqual(rows, [{ about: 'customers' }]);
});

test('security row 16: who is limited to a brand does not learn how its customers came to another, nor that they did', async () => {
  const connection = 'Username-Password-Authentication';
  await api.call('POST', '/connections', { name: connection, strategy: 'auth0' });
  const brands: Record<string, string> = {};
  for (const slug of ['own', 'other']) {
    brands[slug] = String(object(await api.call('POST', '/brands', { slug, name: slug })).id);
  }
  const person = { connection, email: 'ada@example.com', password: 'correct horse battery', verify_email: false };
  const user = String(object(await api.call('POST', '/users', person)).user_id);
  const customer = await findByUserId(api.base.db, user);
  const [identity] = customer ? await identitiesOf(api.base.db, customer.id) : [];
  assert.ok(customer && identity);
  const { subject } = identity;
  const ways = {
    own: { connection, country: 'DE', language: 'de', device: 'phone', hour: 9 },
    other: { connection: 'google-oauth2', country: 'FR', language: 'fr', device: 'desktop', hour: 20 },
  } as const;
  const come = async (brand: 'own' | 'other') => {
    const context = { portal: `${brand}-shop`, brand, ...ways[brand] };
    await recordSignIn(api.base.db, { subject, at: new Date(), ip: null, brand: brands[brand], context });
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const { headers } = await signInStaff(api, { ready: 'marketer', brands: [String(brands.own)] });
  const see = async (url: string) => {
    const answer = await api.send('GET', url, { headers });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return object(answer);
  };
  const question = async (when: object | null) => {
    const made = await api.send('POST', '/questions', { headers, body: { ...draft({}, when), brand: brands.own } });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    return `/questions/${object(made).id}`;
  };
  const ofUser = { attribute: 'user_id', is: 'equals', value: user };
  const leaves = Object.keys({ portal: '', brand: '', ...ways.own }).flatMap((name) => {
    const values = (['own', 'other'] as const).map((brand) => ({ portal: `${brand}-shop`, brand, ...ways[brand] }));
    const attribute = `sign_in.${name}`;
    const equals = values.map((one) => ({ attribute, is: 'equals', value: Object(one)[name] }));
    return [...equals, { attribute, is: 'exists', value: true }];
  });
  const sets = ['brand', 'consent'].map((attribute) => ({ attribute, is: 'exists', value: true }));
  const filters = [...leaves, ...sets].flatMap((one) => [one, { not: one }]).map((one) => ({ all: [ofUser, one] }));
  const atOwn = { all: [ofUser, { attribute: 'sign_in.brand', is: 'equals', value: 'own' }] };
  const notAtOwn = { all: [ofUser, { not: { attribute: 'sign_in.brand', is: 'equals', value: 'own' } }] };
  const asked = [await question(ofUser), await question(atOwn), await question(notAtOwn)];
  /** Everything that is told of how this customer came last. */
  const told = async () => {
    const answers: unknown[] = [];
    for (const filter of filters) {
      const { users } = await see(`/users?filter=${encodeURIComponent(JSON.stringify(filter))}`);
      assert.ok(Array.isArray(users));
      answers.push([JSON.stringify(filter), users.length]);
    }
    for (const one of asked) {
      for (const exact of [true, false]) answers.push((await see(`${one}/audience?exact=${exact}`)).count);
      const trial = await see(`${one}/trial?user_id=${encodeURIComponent(user)}`);
      const { number: _, ...signIn } = Object(trial.sign_in);
      answers.push({ ...trial, sign_in: signIn });
    }
    return answers;
  };
  // Made for the brand, and nowhere yet.
  await insertMadeFor(api.base.db, subject, [String(brands.own)]);
  const never = await told();
  await come('other');
  const consent = {
    subject,
    brand: brands.other ?? null,
    purpose: 'email',
    topic: null,
    given: true,
    version: '1',
  } as const;
  const proof = { wording: 'x', language: 'en', source: 'account', at: new Date(), portal: null, place: null } as const;
  await insertConsents(api.base.db, [{ ...consent, ...proof, client: null, ip: null, confirmation: null }]);
  assert.deepEqual(await told(), never);
  await come('own');
  const own = await told();
  assert.notDeepEqual(own, never);
  await come('other');
  assert.deepEqual(await told(), own);
  const exporter = await signInStaff(api, {
    ready: 'auditor',
    scopes: ['read:users', 'read:user_exports'],
    brands: [String(brands.own)],
    reads: ['*', '-last_ip'],
  });
  const { status, body } = await api.send('GET', `/users/${encodeURIComponent(user)}/export`, {
    headers: exporter.headers,
  });
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  assert.equal(status, 200);
  assert.ok(text.includes('own-shop') && !/other-shop|"country":/.test(text), text);
});

test('results: of 400 days at most, and by country to who sees addresses', async () => {
  const id = object(await api.call('POST', '/questions', draft({}))).id;
  const far = `/questions/${id}/results?from=2020-01-01T00:00:00Z`;
  await api.run({ name: 'far', call: ['GET', far], status: 400 });
  const by = async (reads: readonly string[]) => {
    const { headers } = await signInStaff(api, { ready: 'marketer', reads });
    const told = object(await api.send('GET', `/questions/${id}/results`, { headers }));
    return Object.keys(Object(told.by));
  };
  assert.ok((await by(['*'])).includes('country'));
  const others = await by(['*', '-last_ip']);
  assert.ok(others.includes('device') && !others.includes('country'));
  await api.run({ name: 'all', call: ['GET', '/questions/results'], status: 200, reply: [] });
});
