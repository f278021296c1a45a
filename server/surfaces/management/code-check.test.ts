import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Manage, manageAt } from '../../../test/api-calls.ts';
import { startTestServer, type TestServer } from '../../../test/server.ts';

let server: TestServer;
let manage: Manage;
before(async () => {
  server = await startTestServer();
  manage = await manageAt(server);
});
after(() => server.stop());

type Told = { name: string; findings: { message: string; line: number | null; stops: boolean }[] };
async function findingsOf(path: string, body: unknown): Promise<Told['findings'][]> {
  const { checked } = await manage('POST', path, body);
  assert.ok(Array.isArray(checked));
  return checked.map(({ findings }: Told) => findings);
}

const scripts: [name: string, script: string, told: [words: RegExp, line: number | null, stops: boolean][]][] = [
  [
    'runs',
    "function (user, context, callback) {\n const _ = require('lodash@4.17.21');\n callback(null, user, context);\n}",
    [],
  ],
  ['an arrow', 'async (user, context, cb) => cb(null, user, context)', []],
  [
    'metadata',
    'function (user, context, callback) { auth0.users.updateAppMetadata(user.user_id, {}).then(() => callback(null, user, context)); }',
    [],
  ],
  [
    'syntax',
    'function (user, context, callback) {\n callback(null, user context);\n}',
    [[/missing \)|Unexpected/, 2, true]],
  ],
  ['a database', "function (u, c, cb) {\n\n const pg = require('pg');\n cb(null, u, c);\n}", [[/pg/, 3, true]]],
  ['a module', "function (u, c, cb) { require('left-over@1.0.0'); cb(null, u, c); }", [[/left-over/, 1, true]]],
  [
    'the whole client',
    'function (u, c, cb) {\n auth0.clients.getAll();\n cb(null, u, c);\n}',
    [[/auth0\.clients/, 2, true]],
  ],
  [
    'SAML',
    'function (u, context, cb) {\n context.samlConfiguration.x = 1;\n cb(null, u, context);\n}',
    [[/SAML/, 2, false]],
  ],
  [
    'linking',
    "function (user, context, cb) {\n const url = auth0.baseUrl + '/users-by-email';\n const token = auth0.accessToken;\n cb(null, user, context);\n}",
    [[/nobody else.*code_reaches/, 2, false]],
  ],
  [
    'roles of the API',
    'function (user, context, cb) {\n fetch(`https://x.example/api/v2/roles`);\n cb(null, user, context);\n}',
    [[/no \/api\/v2\/roles/, 2, true]],
  ],
  [
    'older ways',
    'function (user, context, cb) {\n context.jwtConfiguration.scopes = {};\n user.from = context.ip;\n cb(null, user, context);\n}',
    [
      [/jwtConfiguration\.scopes does nothing/, 2, false],
      [/context\.request\.ip/, 3, false],
    ],
  ],
  [
    'a module by a name that is made up',
    "function (user, context, cb) {\n require('lod' + 'ash');\n cb(null, user, context);\n}",
    [[/made up while/, 2, false]],
  ],
  ['no callback', 'function (user, context, callback) { }', [[/never calls/, 1, true]]],
];

for (const [name, script, told] of scripts) {
  test(`a rule from Auth0 is looked at: ${name}`, async () => {
    const [findings = []] = await findingsOf('rules/check', { rules: [{ name, script }] });
    assert.equal(findings.length, told.length, JSON.stringify(findings));
    for (const [place, [words, line, stops]] of told.entries()) {
      assert.match(findings[place]?.message ?? '', words);
      assert.partialDeepStrictEqual(findings[place], { line, stops });
    }
  });
}

const reading: [code: string, keys: string[] | null][] = [
  ['configuration.CRM_KEY; configuration["SHOP"]; user.configuration;', ['CRM_KEY', 'SHOP']],
  ['const { CRM_KEY, SHOP: shop } = configuration; ({ configuration: 1 });', ['CRM_KEY', 'SHOP']],
  ['configuration[user.user_id];', null],
  ['const { SHOP, ...rest } = configuration;', null],
  ['user.log(configuration);', null],
  ['', []],
];
for (const [code, keys] of reading) {
  test(`which values of the configuration a script reads: ${code || 'none'}`, async () => {
    const script = `function (user, context, callback) { ${code} callback(null, user, context); }`;
    const { checked } = await manage('POST', 'rules/check', { rules: [{ name: 'reads', script }] });
    assert.ok(Array.isArray(checked));
    assert.deepEqual(checked[0].configuration, keys);
  });
}

test('actions are looked at: members of api, triggers, packages', async () => {
  const code = (body: string) => `exports.onExecutePostLogin = async (event, api) => {\n${body}\n};`;
  const action = { trigger: 'post-login', dependencies: [] };
  const [runs, member, trigger, module, syntax] = await findingsOf('actions/check', {
    actions: [
      { ...action, name: 'runs', code: code("api.idToken.setCustomClaim('https://a.example/b', 1);") },
      { ...action, name: 'member', code: code("api.samlResponse.setAttribute('a', 'b');") },
      { ...action, name: 'trigger', trigger: 'event-stream', code: code('') },
      { ...action, name: 'module', code: code(''), dependencies: [{ name: 'pg', version: '8.0.0' }] },
      { ...action, name: 'syntax', code: code('const = 1;') },
    ],
  });
  assert.deepEqual(runs, []);
  assert.match(member?.[0]?.message ?? '', /samlResponse/);
  assert.equal(member?.[0]?.line, 2);
  assert.match(trigger?.[0]?.message ?? '', /no trigger event-stream/);
  assert.match(module?.[0]?.message ?? '', /pg/);
  assert.equal(syntax?.[0]?.line, 2);
  assert.equal((await manage('GET', 'actions/actions')).total, 0);
});
