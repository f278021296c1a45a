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
  [
    'second factors of somebody who is not here',
    "function (u, context, cb) {\n context.multifactor = {\n provider: 'duo', ikey: 'a', host: 'b' };\n context.multifactor.provider = 'other';\n cb(null, u, context);\n}",
    [
      [/^Second factors of duo are not here: .* any second factor of theirs/, 2, false],
      [/^Second factors of other are not here/, 4, false],
    ],
  ],
  [
    'second factors as they are here',
    "function (u, context, cb) {\n context.multifactor = { provider: 'any', allowRememberBrowser: false };\n context.multifactor = { provider: u.provider };\n context.multifactor = { provider: 'guardian' };\n u.multifactor = { provider: 'duo' };\n cb(null, u, context);\n}",
    [],
  ],
  ['a database', "function (u, c, cb) {\n\n const pg = require('pg');\n cb(null, u, c);\n}", [[/pg/, 3, true]]],
  [
    'a database that was a global',
    'function (u, c, cb) {\n mysql({ host: "a" }).query("select 1", cb);\n}',
    [[/mysql does not work here: .*HTTP service/, 2, true]],
  ],
  [
    'a part of a database that was a global',
    'function (u, c, cb) {\n u.id = new ObjectID(u.user_id);\n mongo.connect(1, cb);\n}',
    [
      [/^ObjectID does not/, 2, true],
      [/^mongo does not/, 3, true],
    ],
  ],
  [
    'names of its own that were such globals',
    'function (u, c, cb) {\n const { pg } = u.app_metadata, mysql = (Double) => Double.x;\n mysql(pg.x, u.mongo.x);\n cb(null, u, c);\n}',
    [],
  ],
  [
    'names of its own, given in other ways',
    'function (u, c, cb) {\n class Timestamp {}\n pg = { a: 1 };\n try { u.at = new Timestamp(pg.a); } catch (pubnub) { u.at = pubnub.name; }\n const [{ x: Double, ...cql }] = [u];\n cb(null, u, c(Double.y, cql.z));\n}',
    [],
  ],
  [
    'a name that is only that of a property or a default',
    'function (u, c, cb) {\n const { mongo: own, at = pg.at } = u;\n mongo(own, at, cb);\n}',
    [
      [/^pg does not/, 2, true],
      [/^mongo does not/, 3, true],
    ],
  ],
  [
    'files',
    "function (u, c, cb) {\n require('node:fs').readFileSync('a');\n require('net').isIP('a');\n cb(null, u, c);\n}",
    [[/^fs does not work here: .*no files/, 2, true]],
  ],
  [
    'connections beside addresses that are read',
    "function (u, c, cb) {\n const one = require('net');\n u.a = one.isIPv4(u.b);\n cb(null, one.connect(80), c);\n}",
    [[/^net does not work here: .*no connections/, 2, true]],
  ],
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
    [
      [/^Finding others .*code_reaches/, 2, false],
      [/nobody else.*code_reaches/, 3, false],
    ],
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
    [[/made up while .* require\('name'\) of it is written out/, 2, false]],
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

test('a rule that looks for others waits for the umbrella to let code reach everybody', async () => {
  const joins =
    'function (user, context, cb) {\n fetch(auth0.baseUrl + "/users-by-email?email=a", auth0.accessToken);\n cb(null, user, context);\n}';
  const own = 'function (user, context, cb) {\n user.token = auth0.accessToken;\n cb(null, user, context);\n}';
  const look = async () => {
    const body = { rules: [joins, own].map((script) => ({ name: 'one', script })) };
    const { checked } = await manage('POST', 'rules/check', body);
    assert.ok(Array.isArray(checked));
    return checked.map(({ findings }) => findings.map(({ waits }: { waits: boolean }) => waits));
  };
  assert.deepEqual(await look(), [[true, false], [false]]);
  await manage('PATCH', 'umbrella', { code_reaches: 'everybody' });
  assert.deepEqual(await look(), [[], []]);
  await manage('PATCH', 'umbrella', { code_reaches: 'customer' });
});

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
  const [runs, member, trigger, module, syntax, registry] = await findingsOf('actions/check', {
    actions: [
      { ...action, name: 'runs', code: code("api.idToken.setCustomClaim('https://a.example/b', 1);") },
      { ...action, name: 'member', code: code("api.samlResponse.setAttribute('a', 'b');") },
      { ...action, name: 'trigger', trigger: 'event-stream', code: code('') },
      { ...action, name: 'module', code: code(''), dependencies: [{ name: 'pg', version: '8.0.0' }] },
      { ...action, name: 'syntax', code: code('const = 1;') },
      {
        ...{ ...action, name: 'registry', code: code("require('lodash');") },
        dependencies: [{ name: 'lodash', version: '4.17.21', registry_url: 'https://npm.example.com' }],
      },
    ],
  });
  assert.deepEqual(runs, []);
  assert.match(member?.[0]?.message ?? '', /samlResponse/);
  assert.equal(member?.[0]?.line, 2);
  assert.match(trigger?.[0]?.message ?? '', /no trigger event-stream/);
  assert.match(module?.[0]?.message ?? '', /pg/);
  assert.equal(syntax?.[0]?.line, 2);
  assert.equal(registry?.[0]?.line, 2);
  assert.match(registry?.[0]?.message ?? '', /^lodash: Packages of another registry/);
  assert.equal((await manage('GET', 'actions/actions')).total, 0);
});

/** What is told of an action at post-login with these lines in its handler, the first of them on line 2. */
async function toldOfAction(
  lines: readonly string[],
  more: object = {},
): Promise<(string | number | boolean | null)[][]> {
  const code = `exports.onExecutePostLogin = async (event, api) => {\n${lines.join('\n')}\n};`;
  const action = { name: 'one', trigger: 'post-login', dependencies: [], code, ...more };
  const [findings = []] = await findingsOf('actions/check', { actions: [action] });
  return findings.map(({ message, line, stops }) => [line, stops, message]);
}

test('an action from Auth0: every member of api that cannot work is told, each with its line', async () => {
  const told = await toldOfAction([
    "api.session.setMetadata('a', 'b');",
    "const { samlResponse } = api; samlResponse.setIssuer('a');",
    'const roles = api.roles;',
    "await api.groups.hasGroupMembership(['a']);",
    "api.authentication.challengeWith({ type: 'push-notification' });",
    "api.session.setMetadata('c', 'd');",
  ]);
  const refused = [
    'api.session.setMetadata',
    'api.samlResponse.setIssuer',
    'api.roles',
    'api.groups.hasGroupMembership',
  ];
  assert.deepEqual(
    told.map(([line, stops, message]) => [line, stops, String(message).split(' cannot work here ')[0]]),
    [...refused, 'The factor push-notification'].map((what, place) => [place + 2, true, what]),
  );
});

test('an action from Auth0: modules of the machine are told, and net only where more is taken than reads an address', async () => {
  const told = await toldOfAction([
    "const fs = require('node:fs'), tls = require('tls'), crypto = require('crypto');",
    "require('child_process').execSync('id');",
    "const { createSocket } = require(`dgram`); require('fs');",
  ]);
  assert.deepEqual(
    told.map(([line, stops, message]) => [line, stops, String(message).split(' does not work here: ')[0]]),
    [
      [2, true, 'fs'],
      [2, true, 'tls'],
      [3, true, 'child_process'],
      [4, true, 'dgram'],
    ],
  );
  for (const line of [
    "if (require('net').isIP(event.request.ip) === 6) return;",
    "const { isIPv4, isIPv6: six } = require('net'); six(event.request.ip);",
    "let net; net = require('node:net'); const seen = { net: net.isIP('::1') }; seen.net;",
    "const net = require('net'); net['isIPv6']('::1');",
  ]) {
    assert.deepEqual(await toldOfAction([line]), [], line);
  }
  for (const line of [
    "require('net').connect(80);",
    "const { isIP, ...rest } = require('net');",
    "const { isIP, connect } = require('net');",
    "const net = require('net'); net.isIP('::1'); net[event.client.name](80);",
    "const net = require('net'); reach({ net });",
    "const net = require('net'), other = net;",
    "reach(require('net'));",
  ]) {
    const [first] = await toldOfAction([line]);
    assert.match(String(first?.[2] ?? 'nothing'), /^net does not work here: .*opens no connections/, line);
  }
});

test('an action from Auth0: members of event that are not here are told, and stop nothing', async () => {
  const there = "api.idToken.setCustomClaim('ip', [event.session.id, event.session.device.last_ip, event.user.email]);";
  assert.deepEqual(await toldOfAction([there]), []);
  const told = await toldOfAction([
    there,
    "if (event.refresh_token?.metadata?.phone !== 'mine') return;",
    'const { session: { device } } = event; device.initial_ip;',
    'api.idToken.setCustomClaim("at", event.refresh_token.device.initial_ip);',
    'help(event); function help(e) { return e.organization && e.organization.name; }',
    'return event.transaction.correlation_id;',
  ]);
  assert.deepEqual(told, [
    [3, false, 'event.refresh_token.metadata is always empty here.'],
    [4, false, 'event.session.device.initial_ip is there only at the sign-in that opens the session.'],
    [5, false, 'event.refresh_token.device.initial_ip is never there here.'],
    [6, false, 'event.organization is never there here.'],
    [7, false, 'event.transaction.correlation_id is never there here.'],
  ]);
});

test('an action from Auth0: a member is found behind thousands of names, and endless nesting is no fault of ours', async () => {
  const names = Array.from({ length: 8000 }, (_, place) => `a${place}=a${place + 1};`);
  const began = performance.now();
  const told = await toldOfAction(['let a8000 = api;', names.join(''), "a0.session.setMetadata('a', 'b');"]);
  assert.deepEqual(
    told.map(([line]) => line),
    [4],
  );
  const members = ['organization', 'session.metadata', 'transaction.correlation_id', 'refresh_token.metadata'];
  const many = Array.from({ length: 3000 }, (_, place) => `a${place}`);
  const all = [`let ${many.join('=0,')}=0;`, ...members.map((one) => `a0 = event.${one};`)];
  const handed = [
    ...all,
    many.map((name, place) => `a${place + 1} = ${name};`).join(''),
    `f(${many.join(',')}); api.roles;`,
  ];
  assert.ok((await toldOfAction(handed)).length > 0);
  assert.ok(performance.now() - began < 5000, 'others wait while it is looked at');
  const nested = ['.a', ' || a', '.a()'].map((more) => `a${more.repeat(20_000)};`);
  for (const line of nested) assert.deepEqual(await toldOfAction([line, 'api.roles;']).then((all) => all.length), 1);
});

test('security row 10: code is looked at soon, however it is written: nobody waits for it', async () => {
  const times = (most: number, text: string) => text.repeat(most);
  const inAction = (body: string, behind = '') =>
    `exports.onExecutePostLogin = async (event, api) => { ${body} };${behind}`;
  const asks = 'api.authentication.challengeWith(t);';
  for (const [what, code, findings] of [
    [
      'factors by a name that is declared again and again',
      inAction(times(2500, asks), times(2500, "var t={type:'x'};")),
      1,
    ],
    [
      'calls of a function that is written again and again',
      inAction(times(4000, 'f(event,api);'), times(4000, 'function f(a,b){}')),
      0,
    ],
    [
      'handlers that are exported again and again',
      times(5000, 'x={onExecutePostLogin:f};') + times(4000, 'function f(){}'),
      0,
    ],
  ] as const) {
    const began = performance.now();
    const [found = []] = await findingsOf('actions/check', {
      actions: [{ name: 'One', trigger: 'post-login', code, dependencies: [] }],
    });
    assert.equal(found.length, findings, what);
    assert.ok(performance.now() - began < 5000, `${what}: ${performance.now() - began} ms`);
  }
  const began = performance.now();
  const chain = `function (user, context, callback) { if (0) user${times(48_000, '.a')}; auth0.users.get(); callback(); }`;
  const [found = []] = await findingsOf('rules/check', { rules: [{ name: 'One', script: chain }] });
  assert.match(String(found[0]?.message), /^auth0\.users\.get is not there/);
  assert.ok(performance.now() - began < 5000, `a chain of names: ${performance.now() - began} ms`);
});

test('an action from Auth0: a module that is missing is told where it is asked for', async () => {
  const [written] = await toldOfAction(['', "const pg = require('pg');"]);
  assert.deepEqual(written?.slice(0, 2), [3, true]);
  const listed = await toldOfAction(["const pg = require('pg');"], {
    dependencies: [{ name: 'pg', version: '8.0.0' }],
  });
  assert.ok(listed.length > 0);
  for (const [line] of listed) assert.equal(line, 2, JSON.stringify(listed));
});

test('an action from Auth0: one without the handler of its trigger does not run', async () => {
  const without = [
    'const x = 1;',
    'exports.onContinuePostLogin = async () => {};',
    'async function onExecutePostLogin() {}',
  ];
  for (const code of [...without, 'module.exports = () => {};', 'module.exports = { onExecutePostlogin() {} };']) {
    const [[line, stops, message] = [], ...more] = await toldOfAction([], { code });
    assert.deepEqual([line, stops, more.length], [null, true, 0], code);
    assert.match(String(message), /^exports\.onExecutePostLogin is missing: it is what runs at post-login/);
  }
  for (const code of [
    'module.exports = { async onExecutePostLogin() {} };',
    'const onExecutePostLogin = async () => {}; module.exports = { onExecutePostLogin };',
    "exports['onExecutePostLogin'] = wrap(async () => {});",
    'exports.onExecutePostLogin = exports.onContinuePostLogin = async () => {};',
    'Object.assign(exports, made());',
    "for (const name of ['Execute', 'Continue']) exports['on' + name + 'PostLogin'] = async () => {};",
    'module.exports = made();',
  ]) {
    assert.deepEqual(await toldOfAction([], { code }), [], code);
  }
});
