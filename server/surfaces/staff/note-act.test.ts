import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { codeOf, secretOn } from '../../../test/authenticator-app.ts';
import { createBrowser } from '../../../test/http-browser.ts';
import { startTestServer } from '../../../test/server.ts';
import {
  administratorVariables,
  consoleOf,
  joinStaff,
  knockAtStaff,
  mailedLink,
  roleId,
  signInFirst,
} from '../../../test/staff.ts';
import { listAudit } from '../../features/audit/audit.ts';
import { staffLink } from '../../staff-link.ts';

const server = await startTestServer(administratorVariables);
after(() => server.stop());
const admin = await signInFirst(server);

/** What the log has of one of the staff at these pages, the oldest first. */
async function notesOf(who: string): Promise<string[]> {
  const rows = await listAudit(server.base.db, { who }, { limit: 100 });
  const own = rows.filter(({ route }) => route.startsWith('POST /staff/'));
  for (const { thing, about, by, ip, userAgent } of own) {
    assert.deepEqual([thing, about, by, ip], [who, 'staff', 'staff', '127.0.0.1']);
    assert.ok(userAgent !== undefined);
  }
  return own.map(({ act, route, summary }) => `${act} ${route} ${summary}`).toReversed();
}

test('what staff do about themselves is on record: coming, going, ways in, sessions, links', async () => {
  const email = 'noted@umbrella.example';
  const person = await joinStaff(server, admin, { email, roles: [await roleId(admin, 'Auditor')] });
  const { browser, id } = person;
  const page = () => browser.open(`${server.url}/staff/security`);
  const wrong = await browser.submit(await page(), 'security-password', { current: 'no', password: 'x' });
  assert.match(wrong.text, /not your present password/);
  const next = 'copper window garden violin';
  await browser.submit(await page(), 'security-password', { current: person.password, password: next });
  const app = await browser.open(`${server.url}/staff/app`);
  await browser.submit(app, 'app', { code: codeOf(secretOn(app)), name: 'Tablet' });
  await browser.submit(await page(), 'security-remove', {}, 'Remove');
  await browser.submit(await page(), 'security-codes');
  await browser.submit(await page(), 'sign-out');
  const asked = await browser.open(`${server.url}/staff/forgot`);
  await browser.submit(asked, 'forgot', { username: email });
  const reset = await browser.open(await mailedLink(server, email, 'staff_reset'));
  await browser.submit(reset, 'reset', { password: 'silver anchor meadow piano' });
  await knockAtStaff(server, createBrowser(), { email, password: 'not the password' });
  await knockAtStaff(server, createBrowser(), { email: 'nobody@umbrella.example', password: 'not the password' });
  const half = createBrowser();
  const factor = await knockAtStaff(server, half, { email, password: 'silver anchor meadow piano' });
  await half.submit(factor, 'factor', { code: '000000', by: 'totp' });
  // A job writes what was refused.
  for (let tries = 0; tries < 100 && (await notesOf(id)).length < 11; tries += 1) await setTimeout(50);
  assert.deepEqual(await notesOf(id), [
    'create POST /staff/invitation Accept an invitation',
    'create POST /staff/sign-in Sign in (pwd, otp, mfa)',
    'refuse POST /staff/sign-in Not their password, passkey or code',
    'change POST /staff/security-password Change the own password',
    'create POST /staff/app Add an authenticator app of the own',
    'delete POST /staff/security-remove Remove an own second factor or passkey',
    'create POST /staff/security-codes Make new recovery codes of the own',
    'delete POST /staff/sign-out Sign out',
    'change POST /staff/reset Choose a new password by a mailed link',
    'refuse POST /staff/sign-in Not their password, passkey or code',
    'refuse POST /staff/factor Not their second factor',
  ]);
});

test('what staff do about themselves and its row are one: neither is there without the other', async () => {
  const roles = [await roleId(admin, 'Auditor')];
  const { browser, id, call } = await joinStaff(server, admin, { email: 'one@umbrella.example', roles });
  const before = await notesOf(id);
  const { db } = server.base;
  const page = await browser.open(`${server.url}/staff/security`);
  const shown = await browser.open(`${server.url}/staff/app`);
  const codes = () => db.selectFrom('staff_ways').selectAll().where('staff', '=', id).orderBy('id').execute();
  const ways = await codes();
  await sql`alter table audit add constraint nothing_more check (who <> ${sql.lit(id)}) not valid`.execute(db);
  try {
    assert.equal((await browser.submit(page, 'security-codes')).status, 500);
    assert.equal((await browser.submit(shown, 'app', { code: codeOf(secretOn(shown)), name: 'Tablet' })).status, 500);
    assert.equal((await browser.submit(page, 'sign-out')).status, 500);
  } finally {
    await sql`alter table audit drop constraint nothing_more`.execute(db);
  }
  assert.deepEqual([await codes(), await notesOf(id)], [ways, before]);
  assert.equal((await call('GET', 'staff/me')).status, 200, 'still in');
});

test('who becomes an administrator by the link of the terminal is on record', async () => {
  const link = /https?:\S+ticket=[\w-]+/.exec(await staffLink(server.base))?.[0] ?? '';
  const browser = createBrowser();
  const draft = { username: 'new@umbrella.example', name: 'New', password: 'maple stone river lamp' };
  await browser.submit(await browser.open(link), 'administrator', draft);
  assert.equal((await consoleOf(server, browser)('GET', 'staff/me')).status, 401, 'not in before the second factor');
  const rows = await listAudit(server.base.db, {}, { limit: 5 });
  assert.partialDeepStrictEqual(rows[0], { route: 'POST /staff/administrator', whoName: 'New', act: 'create' });
});

test('security row 15: of many who add the first second factor with one password at once, one does', async () => {
  const link = /https?:\S+ticket=[\w-]+/.exec(await staffLink(server.base))?.[0] ?? '';
  const draft = { username: 'raced@umbrella.example', name: 'Ray', password: 'maple stone river lamp' };
  const maker = createBrowser();
  await maker.submit(await maker.open(link), 'administrator', draft);
  const visits = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const browser = createBrowser();
      const page = await knockAtStaff(server, browser, { email: draft.username, password: draft.password });
      return { browser, page };
    }),
  );
  const answers = await Promise.all(
    visits.map(({ browser, page }) => browser.submit(page, 'enrol', { code: codeOf(secretOn(page)) })),
  );
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
});
