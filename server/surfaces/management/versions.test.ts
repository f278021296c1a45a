import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ManagementTest, managementTest, object, unique } from '../../../test/management.ts';

let world: ManagementTest;
before(async () => {
  world = await managementTest();
});
after(() => world.close());

type Kind = { name: string; make: () => Promise<string>; changes: [object, object] };

const slug = unique('brand');
let user = '';
let consent = '';
const kinds: Kind[] = [
  {
    name: 'brand',
    make: async () => `/brands/${await idOf('/brands', { slug, name: 'One' }, 'id')}`,
    changes: [{ name: 'Two' }, { name: 'Three' }],
  },
  {
    name: 'client',
    make: async () => `/clients/${await idOf('/clients', { name: 'One' }, 'client_id')}`,
    changes: [{ name: 'Two' }, { callbacks: ['https://shop.example/callback'] }],
  },
  {
    name: 'connection',
    make: async () => `/connections/${await idOf('/connections', { name: 'one', strategy: 'auth0' }, 'id')}`,
    changes: [{ display_name: 'Two' }, { options: { disable_signup: true } }],
  },
  {
    name: 'attribute',
    make: async () => {
      await idOf('/attributes', { path: 'app_metadata.one', type: 'text' }, 'path');
      return '/attributes/app_metadata.one';
    },
    changes: [{ sensitive: true }, { retention_days: 30 }],
  },
  {
    name: 'user',
    make: makeUser,
    changes: [{ given_name: 'Two' }, { user_metadata: { size: 3 } }],
  },
  {
    name: 'consent',
    make: async () => {
      consent = `/consents/${await idOf('/consents', { purpose: 'sms' }, 'id')}`;
      return consent;
    },
    changes: [{ position: 2 }, { at_sign_up: false }],
  },
  {
    name: 'draft of a wording',
    make: async () => {
      await idOf(`${consent}/wordings`, { texts: { en: { label: 'One' } } }, 'version');
      return `${consent}/wordings/1`;
    },
    changes: [{ texts: { en: { label: 'Two' } } }, { texts: { de: { label: 'Drei' } } }],
  },
  {
    name: 'umbrella',
    make: async () => '/umbrella',
    changes: [{ erasure_days: 7 }, { passkey_user_verification: 'required' }],
  },
];

async function makeUser(): Promise<string> {
  const connection = unique('store');
  await idOf('/connections', { name: connection, strategy: 'auth0' }, 'id');
  const draft = { connection, email: `${unique('version')}@example.com`, password: 'green rivers in may' };
  user = `/users/${encodeURIComponent(await idOf('/users', draft, 'user_id'))}`;
  return user;
}

async function idOf(path: string, body: object, name: string): Promise<string> {
  return String(object(await world.call('POST', path, body))[name]);
}

async function read(path: string): Promise<string> {
  const bearer = { authorization: `Bearer ${await world.token()}` };
  return String((await world.send('GET', path, { headers: bearer })).headers.etag);
}

async function change(path: string, body: object, version?: string) {
  const headers = { authorization: `Bearer ${await world.token()}`, ...(version && { 'if-match': version }) };
  return world.send('PATCH', path, { body, headers });
}

for (const { name, make, changes } of kinds) {
  test(`two who change one ${name}: the second is told`, async () => {
    const path = await make();
    const seen = await read(path);
    assert.match(seen, /^"[\w-]{22}"$/);
    assert.equal(await read(path), seen, 'the same state has the same version');
    assert.equal((await change(path, changes[0], seen)).status, 200);
    const refused = await change(path, changes[1], seen);
    assert.equal(refused.status, 409);
    assert.equal(object(refused).errorCode, 'changed_meanwhile');
    // Who says nothing of a version, and who has looked anew, may.
    assert.equal((await change(path, changes[1], `W/${await read(path)}`)).status, 200);
    assert.equal((await change(path, changes[0])).status, 200);
  });

  test(`of many who change one ${name} at once from what they all saw, one wins`, async () => {
    const path = name === 'umbrella' ? '/umbrella' : await remade(name);
    const seen = await read(path);
    // Each another change: one that changes nothing would leave the version as it was, for two to win.
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => change(path, different(name, i), seen)));
    const statuses = answers.map(({ status }) => status).sort();
    assert.deepEqual(statuses, [200, 409, 409, 409, 409, 409, 409, 409]);
  });
}

/** The thing that the test before made. */
async function remade(name: string): Promise<string> {
  if (name === 'attribute') return '/attributes/app_metadata.one';
  if (name === 'brand') return `/brands/${slug}`;
  if (name === 'user') return user;
  if (name === 'consent') return consent;
  if (name === 'draft of a wording') return `${consent}/wordings/1`;
  const [list, key] = name === 'client' ? ['clients', 'client_id'] : ['connections', 'id'];
  const { body } = await world.call('GET', `/${list}`);
  assert.ok(Array.isArray(body));
  return `/${list}/${body.at(-1)[key ?? '']}`;
}

/** Another change each time. */
function different(name: string, i: number): object {
  if (name === 'attribute') return { retention_days: 100 + i };
  if (name === 'umbrella') return { erasure_days: 20 + i };
  if (name === 'user') return { given_name: `Number ${i}` };
  if (name === 'consent') return { position: 10 + i };
  if (name === 'draft of a wording') return { texts: { en: { label: `Number ${i}` } } };
  return name === 'connection' ? { display_name: `Number ${i}` } : { name: `Number ${i}` };
}

test('who changes one value of a user minds that value alone', async () => {
  const path = await remade('user');
  const seen = await read(`${path}?fields=user_metadata`);
  assert.equal((await change(path, { family_name: 'Other', app_metadata: { tier: 1 } })).status, 200);
  assert.equal(await read(`${path}?fields=user_metadata`), seen);
  assert.equal((await change(path, { user_metadata: { size: 4 } }, seen)).status, 200);
  const refused = await change(path, { user_metadata: { size: 5 } }, seen);
  assert.equal(refused.status, 409);
  assert.deepEqual(object(refused).present, { user_metadata: { size: 4 } });
  // More is changed than was seen.
  const both = { user_metadata: { size: 5 }, given_name: 'Other' };
  assert.equal((await change(path, both, await read(`${path}?fields=user_metadata`))).status, 409);
});
