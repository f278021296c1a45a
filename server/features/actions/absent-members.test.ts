import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeAction } from './actions.ts';

async function toldOf(body: string, before = ''): Promise<string[]> {
  const code = `${before}\nexports.onExecutePostLogin = async (event, api) => {\n${body}\n};`;
  const findings = await judgeAction({ trigger: 'post-login', code, dependencies: [] }, new Set());
  assert.ok(findings.every(({ stops }) => stops));
  return findings.map(({ message, line }) => `${line}: ${message}`);
}

const wrong: [body: string, told: RegExp, before?: string][] = [
  [
    "api.refreshToken.setCustomClaim('a', 1);",
    /^3: api\.refreshToken\.setCustomClaim is not there at post-login: there is api\.accessToken\.setCustomClaim, api\.idToken\.setCustomClaim$/,
  ],
  ['api.foo.bar();', /^3: api\.foo\.bar is not there at post-login: api has cache, access, .*, validation$/],
  ['api.access.allow();', /api\.access\.allow is not there at post-login: api\.access has deny$/],
  ['api.idtoken.x();', /api\.idtoken\.x is not there at post-login: api\.idToken has setCustomClaim$/],
  ["api.idtoken.setCustomClaim('a', 1);", /there is api\.idToken\.setCustomClaim$/],
  ["api.user.setUserMetaData('a', 1);", /there is api\.user\.setUserMetadata$/],
  ["api.deny('no');", /^3: api\.deny is not there.*: there is api\.access\.deny$/],
  ["api['idToken']['set']('a', 1);", /^3: api\.idToken\.set is not there/],
  ['const { refreshToken } = api; refreshToken.setClaim(1);', /^3: api\.refreshToken\.setClaim is not there/],
  ['const { allow } = api.access;\nallow();', /^4: api\.access\.allow is not there/],
  ['const { a } = api.nothing;', /^3: api\.nothing is not there/],
  ['const token = api.idToken;\nif (event.a) {\n token.add(1);\n}', /^5: api\.idToken\.add is not there/],
  ['help(event, api);', /^1: api\.access\.allow is not there/, 'function help(e, it) { it.access.allow(); }'],
  ['if (api.access) api.access.allow();', /^3: api\.access\.allow is not there/],
];

for (const [body, told, before] of wrong) {
  test(`a member of api that nobody has is told by its name: ${body}`, async () => {
    const [first = '', ...others] = await toldOf(body, before);
    assert.match(first, told);
    assert.deepEqual(others, []);
  });
}

const fine: [body: string, before?: string][] = [
  ['if (api.foo) api.foo.bar();'],
  ['if (api.foo && api.foo.bar) { api.foo.bar(); }'],
  ["if (typeof api.access.allow === 'function') api.access.allow();"],
  ['api.foo?.bar(); api.access.allow?.(); api.foo ? api.foo.a.b() : 0; !api.foo;'],
  ["if ('foo' in api) api.foo.bar();"],
  ["if (Object.hasOwn(api.access, 'allow')) api.access.allow();"],
  ['api.own = { say() {} }; api.own.say();'],
  ['const foo = api.foo; if (foo) foo.bar();'],
  ["api.accessToken.setCustomClaim('a', 1).idToken.setCustomClaim('b', 2).anything.else();"],
  ["api.accessToken.setCustomClaim.call(api, 'a', 1); api.access.hasOwnProperty('deny'); api.toString();"],
  ["const set = api.idToken.setCustomClaim; set('a', 1); set.bind(api)('b', 2);"],
  [
    "await own(); [1].map((api) => api.foo.bar()); { const api = require('axios'); api.get('a'); }",
    'async function own() { const api = { get: { it() {} } }; api.get.it(); try { own(); } catch (api) { api.foo(); } }',
  ],
  ['api = require("axios"); api.get("https://shop.example");'],
  ['let { deny } = api.access; deny = event.deny; deny.all();'],
  ['call(api); call({ get: {} });', 'function call({ get = {}, ...rest }) { get.it(); }'],
  ['event.api.foo.bar(); const one = { api: { foo: { bar() {} } } }; one.api.foo.bar();'],
];

for (const [body, before] of fine) {
  test(`what is looked for first, laid there, or no api is not told: ${body}`, async () => {
    assert.deepEqual(await toldOf(body, before), []);
  });
}

test('long code is looked at in no more time than it is long', async () => {
  const many = Array.from({ length: 3000 }, (_, place) => `const a${place} = api; a${place}.b${place}.c();`);
  // Processor time: others on this machine are to have no part in it.
  const started = process.cpuUsage();
  assert.equal((await toldOf(many.join('\n'))).length, 20);
  await toldOf(`api${'.a'.repeat(45_000)}();`);
  await toldOf(`${'{'.repeat(1500)}${'api.b.c();'.repeat(5000)}${'}'.repeat(1500)}`);
  const { user, system } = process.cpuUsage(started);
  assert.ok(user + system < 5_000_000, `${user + system} µs`);
});
