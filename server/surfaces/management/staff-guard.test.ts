import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { managementTest } from '../../../test/management.ts';
import { startTestServer } from '../../../test/server.ts';
import { administratorVariables, consoleOf, joinStaff, roleId, signInFirst } from '../../../test/staff.ts';
import { uuid } from '../../base/ids.ts';
import { insertStaff } from '../../features/staff/people-store.ts';
import { readyRoles } from '../../features/staff/ready-roles.ts';
import { insertSession } from '../../features/staff/session-store.ts';
import { type Route, scopesFor } from './route.ts';
import { routes } from './routes.ts';

const server = await startTestServer(administratorVariables);
after(() => server.stop());
const admin = await signInFirst(server);

const changes = routes.filter(({ method }) => method !== 'GET');
// What is told live has no end for who may hear it: asked wrongly, it is refused by its form.
const urlOf = ({ path }: Route) =>
  path.endsWith('/log/live') ? `${path.slice(1)}?unknown=1` : path.slice(1).replace(/\{\w+\}/g, 'x');

test('every operation declares who may call it', () => {
  for (const route of routes) {
    assert.ok(route.may === 'staff' || scopesFor(route).length > 0, `${route.method} ${route.path} has no guard`);
    for (const scope of scopesFor(route)) assert.match(scope, /^[a-z]+:[a-z_]+$/);
  }
});

test('every operation with every ready role: refused without its scope, and only then', async () => {
  for (const { ready, name } of readyRoles) {
    const who = ready === 'administrator' ? admin : await join(`${ready}@umbrella.example`, name);
    const me = await who.call('GET', 'staff/me');
    const scopes = new Set(Array.isArray(me.body.scopes) ? me.body.scopes.map(String) : []);
    assert.ok(scopes.size > 0, ready);
    for (const route of routes) {
      const told = `${ready}: ${route.method} ${route.path}`;
      const answer = await who.call(route.method, urlOf(route), route.method === 'GET' ? undefined : {});
      const may = route.may === 'staff' || scopesFor(route).some((scope) => scopes.has(scope));
      assert.notEqual(answer.status, 401, told);
      // Code takes the right to see and write everything besides.
      const lacks = ready !== 'administrator' && answer.body.errorCode === 'insufficient_attributes';
      if (may) assert.ok(answer.status !== 403 || lacks, `${told} ${JSON.stringify(answer.body)}`);
      else assert.equal(answer.body.errorCode, 'insufficient_scope', `${told} ${JSON.stringify(answer.body)}`);
    }
  }
});

test('what each ready role may, in the main', async () => {
  const { body } = await admin.call('GET', 'staff-roles?per_page=100');
  assert.ok(Array.isArray(body.items));
  const scopesOf = new Map<string, string[]>(body.items.map((role) => [role.ready, role.scopes]));
  for (const [ready, scopes] of scopesOf) {
    const mayEditStaff = scopes.some((scope) => /^(create|update|delete):staff/.test(scope));
    assert.equal(mayEditStaff, ready === 'administrator', `${ready} and staff`);
    const changesCustomers = scopes.some((scope) => /^(create|update|delete):users/.test(scope));
    assert.equal(changesCustomers, ready === 'administrator', `${ready} and customers`);
  }
  const auditor = scopesOf.get('auditor') ?? [];
  assert.ok(auditor.length > 10 && auditor.every((scope) => scope.startsWith('read:')));
  assert.ok(!auditor.includes('read:user_idp_tokens') && !auditor.includes('read:client_keys'));
});

test('security row 6: no change without the header of the console and an Origin that is ours', async () => {
  const wrong: [string, Record<string, string>][] = [
    ['no header', { origin: server.url }],
    ['another header', { origin: server.url, 'x-regulars-console': 'yes' }],
    ['no Origin', { 'x-regulars-console': '1' }],
    ['another Origin', { 'x-regulars-console': '1', origin: 'https://evil.example' }],
    ['no Origin to tell', { 'x-regulars-console': '1', origin: 'null' }],
    ['a longer Origin', { 'x-regulars-console': '1', origin: `${server.url}.evil.example` }],
  ];
  for (const [name, headers] of wrong) {
    const call = consoleOf(server, admin.browser, headers);
    for (const route of changes) {
      const answer = await call(route.method, urlOf(route), {});
      assert.equal(answer.status, 403, `${name}: ${route.method} ${route.path}`);
      assert.match(String(answer.body.message), /Calls of the console/);
    }
  }
  const read = await consoleOf(server, admin.browser, { origin: 'https://evil.example', 'x-regulars-console': '1' })(
    'GET',
    'staff/me',
  );
  assert.equal(read.status, 403);
  assert.equal(read.headers.get('access-control-allow-origin'), null);
  const preflight = await admin.browser.send(`${server.url}/api/v2/staff/me`, {
    method: 'OPTIONS',
    headers: { origin: 'https://evil.example', 'access-control-request-headers': 'x-regulars-console' },
  });
  assert.equal(preflight.headers.get('access-control-allow-origin'), null);
});

test('security row 6: a file is downloaded by a link of the console, and by none from elsewhere', async () => {
  const file = 'audit/export?since=2999-01-01T00:00:00Z';
  const led = async (method: string, path: string, from: string | undefined) =>
    consoleOf(server, admin.browser, from === undefined ? {} : { 'sec-fetch-site': from })(method, path);
  const answer = await led('GET', file, 'same-origin');
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-disposition'), 'attachment; filename="audit.ndjson"');
  for (const from of ['cross-site', 'same-site', 'none', 'same-origin, same-origin', undefined])
    assert.equal((await led('GET', file, from)).status, 403, from);
  for (const route of routes.filter(({ download }) => download === undefined))
    assert.equal((await led(route.method, urlOf(route), 'same-origin')).status, 403, `${route.method} ${route.path}`);
  const support = await join('file@umbrella.example', 'Support');
  const refused = await consoleOf(server, support.browser, { 'sec-fetch-site': 'same-origin' })('GET', file);
  assert.equal(refused.body.errorCode, 'insufficient_scope');
});

test('calls of staff are counted as those of machines are', async () => {
  const api = await managementTest({ burst: 3, perSecond: 0.001 });
  try {
    const [id, at] = [uuid(), new Date()];
    await insertStaff(api.base.db, { id, email: 'eve@umbrella.example', name: 'Eve', brands: null, at });
    const token = await insertSession(api.base.db, { staff: id, amr: ['pwd'], ip: '192.0.2.1', userAgent: '', at });
    const headers = { cookie: `staff=${token}`, 'x-regulars-console': '1' };
    const answers = [];
    for (let calls = 0; calls < 4; calls += 1) answers.push(await api.send('GET', '/staff/me', { headers }));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200, 429],
    );
    assert.ok(Number(answers.at(-1)?.headers['retry-after']) > 0);
  } finally {
    await api.close();
  }
});

async function join(email: string, role: string) {
  return joinStaff(server, admin, { email, roles: [await roleId(admin, role)] });
}
