import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sql } from 'kysely';
import { testBase } from '../../../test/base.ts';
import { isProblem } from '../../base/errors.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { createConnection, isNetwork, learnedProfile, type NetworkConnection } from './connections.ts';
import type { Told } from './network.ts';
import { toAnswer } from './network-answer.ts';
import { keepableProfile } from './raw-profile.ts';

const base = await testBase();
after(() => base.close());

async function connect(name: string, options: JsonObject): Promise<NetworkConnection> {
  const app = { client_id: 'c', client_secret: 's' };
  const connection = await createConnection(base, { name, strategy: 'facebook', options: { ...app, ...options } });
  assert.ok(isNetwork(connection));
  return connection;
}

const plain = await connect('plain', {});
const exchanged = { tokens: { access_token: 't' }, granted: [] };
const tell = (told: Partial<Told>, connection = plain) =>
  toAnswer(connection, { id: '1', profile: {}, raw: {}, ...told }, exchanged);
const toldAs = (path: keyof Told['profile'], value: Json) =>
  tell({ profile: { [path]: value } }).profile.find((one) => one.path === path)?.value;

test('an id is text without spaces or a whole number, nothing else', () => {
  const good: [Json, string][] = [
    ['a|b', 'a|b'],
    [7, '7'],
    ['0', '0'],
    ['x'.repeat(255), 'x'.repeat(255)],
  ];
  for (const [told, id] of good) assert.equal(tell({ id: told }).userId, id);
  const bad: (Json | undefined)[] = [undefined, null, '', ' ', 'a b', 'a\u0000', 'a\nb', '\ud800', 1.5, 2 ** 53, true];
  bad.push([], {}, ['1'], 'x'.repeat(256));
  for (const told of bad)
    assert.throws(
      () => tell({ id: told }),
      (error) => isProblem(error, 'network_failed'),
    );
});

test('names lose what does not belong into one line, and what is no text is not kept', () => {
  assert.equal(toldAs('name', '  Ann\u0000a\u202e \n\t B\u0007 '), 'Anna B');
  assert.equal(toldAs('name', 'e\u0301'), 'é');
  assert.equal(toldAs('name', 'x'.repeat(5000))?.length, 300);
  assert.equal([...(toldAs('name', '👩‍🚀'.repeat(400)) ?? '')].length, 300);
  for (const told of ['', ' \n', '\u202e', 7, true, null, [], {}, ['x'], 'x'.repeat(10_001)]) {
    assert.equal(toldAs('name', told), undefined, JSON.stringify(told).slice(0, 20));
  }
});

test('pictures open for browsers by https only, locales are BCP 47, zones exist', () => {
  assert.equal(toldAs('picture', 'https://x.example/a b.png?s=1'), 'https://x.example/a%20b.png?s=1');
  const not = ['http://x.example/a.png', 'javascript:alert(1)', 'data:image/png;base64,AA', '//x.example/a', 'x'];
  not.push('https://user:pw@x.example/', `https://x.example/${'a'.repeat(2000)}`);
  for (const told of not) assert.equal(toldAs('picture', told), undefined, told);
  const locales: [Json, string | undefined][] = [
    ['de_de', 'de-DE'],
    ['EN', 'en'],
    ['x y', undefined],
    [{}, undefined],
  ];
  for (const [told, locale] of locales) assert.equal(toldAs('locale', told), locale);
  assert.equal(toldAs('zoneinfo', 'Europe/Berlin'), 'Europe/Berlin');
  assert.equal(toldAs('zoneinfo', 'Mars/Olympus'), undefined);
});

test('the raw profile is bounded, holds no token, and PostgreSQL takes it', async () => {
  let deep: Json = 'bottom';
  for (let level = 0; level < 50; level += 1) deep = { deep };
  const raw: JsonObject = JSON.parse(
    JSON.stringify({
      name: 'Anna\u0000',
      half: '\ud800x',
      'key\u0000': 1,
      nonce: 'n',
      access_token: 'planted',
      nested: { id_token: 'planted', list: [{ refresh_token: 'planted', kept: true }] },
      client_secret: 'planted',
      postal_code: '20121',
      deep,
      huge: 'x'.repeat(70_000),
      long: 'y'.repeat(40_000),
      longer: 'z'.repeat(50_000),
      dropped: 'no',
    }),
  );
  const own: JsonObject = JSON.parse('{"__proto__":{"polluted":true},"constructor":1}');
  const kept = keepableProfile({ ...raw, own }, ['dropped']);
  const text = JSON.stringify(kept);
  assert.ok(Buffer.byteLength(text) <= 64 * 1024);
  for (const word of ['planted', 'nonce', 'bottom', 'dropped', 'polluted']) assert.ok(!text.includes(word), word);
  assert.deepEqual([kept.name, kept.huge, kept.longer, kept.postal_code], ['Anna', undefined, undefined, '20121']);
  assert.equal(String(kept.long).length, 40_000);
  assert.deepEqual(kept.nested, { list: [{ kept: true }] });
  const { rows } = await sql<{ stored: Json }>`select ${text}::jsonb as stored`.execute(base.db);
  assert.deepEqual(rows[0]?.stored, JSON.parse(text));
});

test('non_persistent_attrs are kept nowhere', async () => {
  const connection = await connect('forgetful', { non_persistent_attrs: ['email', 'gender'] });
  const raw = { email: 'a@example.com', gender: 'x', name: 'A' };
  const email = { address: 'a@example.com', verified: true, vouches: () => true };
  const answer = tell({ profile: { name: 'A', gender: 'x' }, email, raw }, connection);
  assert.deepEqual(answer.profile, [{ path: 'name', value: 'A' }]);
  assert.deepEqual(answer.profileData, { name: 'A' });
  assert.equal(answer.email, undefined);
});

test('set_user_root_attributes decides when names and picture are learned', async () => {
  const profile = [
    { path: 'name', value: 'A' },
    { path: 'picture', value: 'https://x.example/' },
    { path: 'gender', value: 'x' },
  ];
  const paths = async (when: string, first: boolean) => {
    const connection = await connect(`${when.replaceAll('_', '-')}-${first}`, { set_user_root_attributes: when });
    return learnedProfile(connection, { profile }, first).map(({ path }) => path);
  };
  assert.deepEqual(await paths('on_each_login', false), ['name', 'picture', 'gender']);
  assert.deepEqual(await paths('on_first_login', true), ['name', 'picture', 'gender']);
  assert.deepEqual(await paths('on_first_login', false), ['gender']);
  assert.deepEqual(await paths('never_on_login', true), ['gender']);
});
