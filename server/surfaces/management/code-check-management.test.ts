import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { type Manage, manageAt } from '../../../test/api-calls.ts';
import { startTestServer, type TestServer } from '../../../test/server.ts';
import { absentAtTop, absentOfUser } from '../../base/management-absent.ts';

let server: TestServer;
let manage: Manage;
before(async () => {
  server = await startTestServer();
  manage = await manageAt(server);
});
after(() => server.stop());

type Told = { message: string; line: number | null; stops: boolean; waits: boolean };

/** What of a rule is told besides that its token is good for one customer: the line, and whether it stops or waits. */
async function toldOfRule(lines: readonly string[]): Promise<string[]> {
  const script = `function (user, context, callback) {\n${lines.join('\n')}\ncallback(null, user, context);\n}`;
  const { checked } = await manage('POST', 'rules/check', { rules: [{ name: 'one', script }] });
  return sentences(checked).filter((one) => !/nobody else/.test(one));
}

async function toldOfAction(lines: readonly string[]): Promise<string[]> {
  const code = `exports.onExecutePostLogin = async (event, api) => {\n${lines.join('\n')}\n};`;
  const action = { name: 'one', trigger: 'post-login', dependencies: [{ name: 'auth0', version: '3.7.2' }], code };
  const { checked } = await manage('POST', 'actions/check', { actions: [action] });
  return sentences(checked);
}

function sentences(checked: unknown): string[] {
  assert.ok(Array.isArray(checked));
  return checked[0].findings.map(({ message, line, stops, waits }: Told) => {
    return `${line} ${stops ? 'stops' : waits ? 'waits' : 'runs'}: ${message}`;
  });
}

const client = "const { ManagementClient } = require('auth0@3.7.2');";
const own = `${client} const m = new ManagementClient({ token: auth0.accessToken, domain: auth0.domain });`;
const secret = `${client} const m = new ManagementClient({ domain: 'a', clientId: 'b', clientSecret: 'c' });`;
const token = `const headers = { Authorization: \`Bearer \${auth0.accessToken}\` };`;

const searching: string[][] = [
  [token, "request({ url: auth0.baseUrl + '/users', qs: { search_engine: 'v3', q: 'email:a' }, headers });"],
  [`${token} const url = auth0.baseUrl + '/users', qs = { q: user.email };`, 'request({ url, qs, headers });'],
  [`${token} const list = auth0.baseUrl + '/users';`, "axios.get(list, { params: { q: 'email:a' }, headers });"],
  [token, `fetch(\`https://\${auth0.domain}/api/v2/users?q=email:"\${user.email}" AND logins_count:1\`, { headers });`],
  [own, 'm.getUsersByEmail(user.email).then(() => {});'],
  [own, 'm.getUsers({ q: user.email });'],
  [own, 'm.linkUsers(user.user_id, {});'],
  [own, "m.users.link({ id: user.user_id }, { provider: 'a' });"],
  [own, 'm.usersByEmail.getByEmail({ email: user.email });'],
  [own, 'm.sendEmailVerification({ user_id: user.user_id });'],
  [token, "request.post({ url: auth0.baseUrl + '/jobs/verification-email', headers, json: {} });"],
  [own, 'm.users.listUsersByEmail({ email: user.email });'],
  [own, 'global.m = global.m || m; global.m.users.getAll({ q: user.email });'],
  [
    "const Auth0 = require('auth0@2.9.1');",
    'new Auth0.ManagementClient({ token: auth0.accessToken, domain: auth0.domain }).users.getByEmail(user.email);',
  ],
];

test('a rule that searches users or joins them, by paths or by the client, waits until code reaches everybody', async () => {
  for (const lines of searching) {
    const [one = 'nothing', ...more] = await toldOfRule(lines);
    assert.match(one, /^3 waits: .*code_reaches/, lines[1]);
    assert.deepEqual(more, [], lines[1]);
  }
  await manage('PATCH', 'umbrella', { code_reaches: 'everybody' });
  for (const lines of searching) assert.deepEqual(await toldOfRule(lines), [], lines[1]);
  await manage('PATCH', 'umbrella', { code_reaches: 'customer' });
});

const ofRoles = '/users/{id}/roles';
const absent: [code: string, path: string][] = [
  [`${own} m.assignRolestoUser({ id: user.user_id }, { roles: ['a'] });`, ofRoles],
  [`${own} m.getUserRoles({ id: user.user_id });`, ofRoles],
  [`${own} m.users.assignRoles({ id: user.user_id }, { roles: ['a'] });`, ofRoles],
  [`${own} m.users.roles.assign(user.user_id, { roles: ['a'] });`, ofRoles],
  [`${own} m.getRoles();`, '/roles'],
  [`${own} m.roles.assignUsers({ id: 'a' }, { users: [user.user_id] });`, '/roles'],
  [`${own} m.organizations.addMembers({ id: 'a' }, { members: [user.user_id] });`, '/organizations'],
  [`${own} m.users.getPermissions({ id: user.user_id });`, '/users/{id}/permissions'],
  [`${secret} m.users.getRoles({ id: user.user_id });`, ofRoles],
  [`${client} function made() { return new ManagementClient({}); } made().users.getRoles({ id: 'a' });`, ofRoles],
  ["fetch(auth0.baseUrl + '/users/' + user.user_id + '/roles');", ofRoles],
  [
    "const users = auth0.baseUrl + '/users'; fetch(users + '/' + encodeURIComponent(user.user_id) + '/roles');",
    ofRoles,
  ],
  [`fetch(\`https://\${auth0.domain}/api/v2/users/\${user.user_id}/roles?per_page=50\`);`, ofRoles],
  ["request({ baseUrl: auth0.baseUrl, url: '/users/' + user.user_id + '/roles' });", ofRoles],
  ["fetch(auth0.baseUrl + '/organizations/a/members');", '/organizations'],
  ["fetch(auth0.baseUrl + '/logs?q=type:s');", '/logs'],
  ["fetch('https://' + configuration.HOST + '/api/v2/roles/' + user.role);", '/roles'],
];

test('a rule that asks for roles, organizations or what else the Management API here has not, is stopped', async () => {
  for (const reach of ['customer', 'everybody']) {
    await manage('PATCH', 'umbrella', { code_reaches: reach });
    for (const [code, path] of absent) {
      const [one = 'nothing', ...more] = await toldOfRule([code]);
      assert.ok(one.startsWith(`2 stops: There is no /api/v2${path} here, so what asks for it fails`), code + one);
      assert.deepEqual(more, [], code);
    }
  }
  await manage('PATCH', 'umbrella', { code_reaches: 'customer' });
});

const running = [
  `${own} m.users.get({ id: user.user_id }); m.getUser({ id: user.user_id });`,
  `${own} m.users.update({ id: user.user_id }, {}); m.updateUser({ id: user.user_id }, {});`,
  `${own} m.updateUserMetadata({ id: user.user_id }, {}); m.users.updateAppMetadata({ id: user.user_id }, {});`,
  // What a client with a secret of its own may, its grant says.
  `${secret} m.getUsersByEmail(user.email); m.users.getAll({ q: user.email }); auth0.accessToken;`,
  // Methods of others that are called alike.
  `${own} const crm = require('axios').create({}); crm.getRoles(user.email); crm.organizations.list(); crm.users.list();`,
  'const crm = { users: { getRoles() {}, link() {} } }; crm.users.getRoles(); crm.users.link(); crm.getUsersByEmail();',
  `${own} let one = m; one = require('axios'); one.getUsers({ q: user.email });`,
  `${own} m.toString(); m.users.hasOwnProperty('getRoles'); m.constructor.name;`,
  // The customer's own, and addresses that are only begun.
  `${token} const users = auth0.baseUrl + '/users'; request({ url: users + '/' + user.user_id, qs: { fields: 'a' }, headers });`,
  `${token} request({ url: auth0.baseUrl + '/users/' + user.user_id, headers });`,
  `${token} axios.patch(\`\${auth0.baseUrl}/users/\${user.user_id}\`, { params: { q: 1 } }, { headers });`,
  // Other services.
  `fetch(\`https://\${configuration.ZENDESK}.zendesk.com/api/v2/organizations/1\`);`,
  "fetch('https://acme.freshdesk.com/api/v2/roles'); fetch(configuration.ZENDESK_URL + '/api/v2/users/1/organizations');",
  "fetch('https://crm.example/api/v2/events'); fetch('https://crm.example/users/1/roles'); fetch('/users/1/roles');",
  "fetch(configuration.CRM + '/users/' + user.user_id + '/roles'); fetch(configuration.CRM + '/organizations');",
  `${token} request({ url: configuration.CRM + '/users', qs: { q: user.email } });`,
  "console.log('no answer of /api/v2/roles for ' + user.user_id, 'roles', '/roles');",
];

test('a rule that reads and changes its customer, or asks other services, runs as it is', async () => {
  for (const code of running) assert.deepEqual(await toldOfRule([code]), [], code);
});

const management = `${client} const management = new ManagementClient({ clientId: 'b', clientSecret: event.secrets.KEY });`;

test('an action that asks for roles, organizations or what else the Management API here has not, is told', async () => {
  for (const [code, path] of [
    [`${management} await management.users.assignRoles({ id: 'a' }, { roles: ['b'] });`, ofRoles],
    [`${management} await management.users.roles.assign('a', { roles: ['b'] });`, ofRoles],
    [`${management} await management.users.getRoles({ id: event.user.user_id });`, ofRoles],
    [`${management} await management.organizations.addMembers({ id: 'a' }, { members: [] });`, '/organizations'],
    [`${management} const { users } = management; await users.getRoles({ id: 'a' });`, ofRoles],
    ["await axios.get('https://d/api/v2/users/' + event.user.user_id + '/roles');", ofRoles],
    [`await fetch(\`https://\${event.secrets.AUTH0_DOMAIN}/api/v2/guardian/factors\`);`, '/guardian'],
  ] as const) {
    const [one = 'nothing', ...more] = await toldOfAction([code]);
    assert.ok(one.startsWith(`2 stops: There is no /api/v2${path} here`), code + one);
    assert.deepEqual(more, [], code);
  }
  for (const code of [
    `${management} await management.users.get({ id: 'a' }); await management.users.update({ id: 'a' }, {});`,
    `${management} await management.usersByEmail.getByEmail({ email: 'a' }); await management.users.link({}, {});`,
    "api.user.setAppMetadata('roles', ['a']); event.authorization.roles.includes('a');",
  ]) {
    assert.deepEqual(await toldOfAction([code]), [], code);
  }
});

test('what is told to be absent is in no path of the Management API', async () => {
  const { paths } = JSON.parse(await readFile(new URL('../../../docs/openapi.json', import.meta.url), 'utf8'));
  const parts = Object.keys(paths).map((path) => path.split('/'));
  assert.ok(parts.some(([, first, , third]) => first === 'users' && third === 'identities'));
  for (const [, first = '', , third = ''] of parts) {
    assert.ok(!absentAtTop.has(first), first);
    assert.ok(first !== 'users' || !absentOfUser.has(third), third);
  }
});

test('security row 10: texts that are put together without end are read soon', async () => {
  const names = Array.from({ length: 1500 }, (_, place) => `const a${place} = a${place + 1} + a${place + 1} + '/';`);
  const objects = Array.from({ length: 4000 }, (_, place) => `k${place}: 1,`);
  const began = performance.now();
  for (const lines of [
    [`user.a = ''${"+'a'".repeat(1000)};`],
    [`user.a = ''${'+a'.repeat(2000)};`],
    [`user.a = \`${'$'}{a}${'b$'}{a}\`;`.repeat(3000)],
    [client, ...names, 'a0.b.c.d.e.f.g();'.repeat(500)],
    [`const q = { ${objects.join('')} }, u = auth0.baseUrl + '/users';`, 'axios.get(u, { params: q });'.repeat(1200)],
  ]) {
    assert.deepEqual(await toldOfRule(lines), []);
  }
  assert.ok(performance.now() - began < 5000, `${performance.now() - began} ms`);
});
