import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { codeOf, recoveryCodesOn, secretOn } from '../../../test/authenticator-app.ts';
import { createBrowser } from '../../../test/http-browser.ts';
import { startTestServer } from '../../../test/server.ts';
import {
  administratorVariables,
  consoleOf,
  firstAdministrator,
  joinStaff,
  knockAtStaff,
  roleId,
  signInFirst,
} from '../../../test/staff.ts';
import { uuid } from '../../base/ids.ts';
import { insertSession } from '../../features/staff/session-store.ts';
import { findSession, lookAtSession } from '../../features/staff/staff.ts';

const server = await startTestServer(administratorVariables);
after(() => server.stop());
const admin = await signInFirst(server);
const page = (path = 'security') => admin.browser.open(`${server.url}/staff/${path}`);

/** Another browser of the administrator's. */
async function elsewhere(code: string) {
  const browser = createBrowser();
  const factor = await knockAtStaff(server, browser, firstAdministrator);
  await browser.submit(factor, 'factor', { code, by: 'recovery_code' });
  return consoleOf(server, browser);
}

test('the last second factor stays; one more makes room for taking the first away', async () => {
  const refused = await admin.browser.submit(await page(), 'security-remove', {}, 'Remove');
  assert.match(refused.text, /Everybody needs a second factor here/);
  const app = await page('app');
  const added = await admin.browser.submit(app, 'app', { code: codeOf(secretOn(app)), name: 'Tablet' });
  assert.match(added.text, /It is added/);
  assert.match(added.text, /Tablet/);
  const removed = await admin.browser.submit(added, 'security-remove', {}, 'Remove');
  assert.match(removed.text, /It is removed/);
});

test('new recovery codes end those before; sessions end one by one, or all others', async () => {
  const shown = await admin.browser.submit(await page(), 'security-codes');
  const [one = '', two = '', three = ''] = recoveryCodesOn(shown);
  const old = createBrowser();
  const factor = await knockAtStaff(server, old, firstAdministrator);
  const refused = await old.submit(factor, 'factor', { code: admin.codes[0] ?? '', by: 'recovery_code' });
  assert.match(refused.text, /That code is not right/);

  const other = await elsewhere(one);
  await admin.browser.submit(await page(), 'security-end', {}, 'Sign out');
  assert.equal((await other('GET', 'staff/me')).status, 401);
  const [second, third] = [await elsewhere(two), await elsewhere(three)];
  await admin.browser.submit(await page(), 'security-end-others');
  for (const call of [second, third]) assert.equal((await call('GET', 'staff/me')).status, 401);
  assert.equal((await admin.call('GET', 'staff/me')).status, 200);
});

test('a new password takes the present one, and ends every other session', async () => {
  const role = await roleId(admin, 'Auditor');
  const person = await joinStaff(server, admin, { email: 'pat@umbrella.example', roles: [role] });
  const open = () => person.browser.open(`${server.url}/staff/security`);
  const next = 'velvet comet orchard ladder';
  const wrong = await person.browser.submit(await open(), 'security-password', { current: 'no', password: next });
  assert.match(wrong.text, /not your present password/);
  const weak = await person.browser.submit(await open(), 'security-password', {
    current: person.password,
    password: 'pat pat pat',
  });
  assert.match(weak.text, /too easy to guess/);
  const done = await person.browser.submit(await open(), 'security-password', {
    current: person.password,
    password: next,
  });
  assert.match(done.text, /Your password is changed/);
  assert.equal((await person.call('GET', 'staff/me')).status, 200);
  const factor = await knockAtStaff(server, createBrowser(), { email: 'pat@umbrella.example', password: next });
  assert.equal(factor.url.pathname, '/staff/factor');
});

test('ways in are changed only by who has just proven who they are', async () => {
  const opened = await page();
  const app = await page('app');
  await server.base.db
    .updateTable('staff_sessions')
    .set({ proved_at: new Date(Date.now() - 601_000) })
    .execute();
  for (const path of ['app', 'add-passkey']) {
    const door = await page(path);
    assert.equal(door.url.pathname, '/staff/sign-in');
    assert.match(door.text, /prove once more/);
  }
  for (const [form, from] of [
    ['security-codes', opened],
    ['app', app],
  ] as const) {
    assert.equal((await admin.browser.submit(from, form, { code: '000000' })).url.pathname, '/staff/sign-in', form);
  }
  assert.equal((await page()).url.pathname, '/staff/security', 'looking is free');
});

test('where no second factor is required the password is enough, but who has one is asked for it', async () => {
  const role = await admin.call('POST', 'staff-roles', { name: 'Umbrella', scopes: ['update:umbrella'] });
  const draft = { email: 'uma@umbrella.example', roles: [String(role.body.id)] };
  const person = await joinStaff(server, admin, draft);
  const optional = { staff_second_factor: 'optional' };
  assert.equal((await person.call('PATCH', 'umbrella', optional)).status, 403, 'it protects all of the staff');
  assert.equal((await admin.call('PATCH', 'umbrella', optional)).body.staff_second_factor, 'optional');
  const factor = await knockAtStaff(server, createBrowser(), { email: draft.email, password: person.password });
  assert.equal(factor.url.pathname, '/staff/factor');
  await server.base.db
    .deleteFrom('staff_ways')
    .where('staff', '=', person.id)
    .where('kind', '<>', 'password')
    .execute();
  const browser = createBrowser();
  const inside = await knockAtStaff(server, browser, { email: draft.email, password: person.password });
  assert.equal(inside.url.pathname, '/staff/security');
  assert.equal((await admin.call('PATCH', 'umbrella', { staff_second_factor: 'required' })).status, 200);
});

test('a session ends 12 hours after it was last used, and 7 days after it began; an open page is no use of it', async () => {
  const { db } = server.base;
  const { id } = await db.selectFrom('staff').select('id').executeTakeFirstOrThrow();
  const begun = new Date();
  const begin = async () =>
    (await insertSession(db, { staff: id, amr: [], ip: '192.0.2.1', userAgent: uuid(), at: begun })) ?? '';
  const later = (hours: number) => new Date(begun.getTime() + hours * 3_600_000);
  const [used, watched] = [await begin(), await begin()];
  for (let hours = 11; hours < 24 * 7; hours += 11) assert.ok(await findSession(db, used, later(hours)), `${hours} h`);
  assert.equal(await findSession(db, used, later(24 * 7 + 1)), undefined);
  for (let hours = 1; hours < 12; hours += 1) assert.ok(await lookAtSession(db, watched, later(hours)));
  assert.equal(await lookAtSession(db, watched, later(13)), undefined);
});
