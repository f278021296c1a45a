import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { codeOf } from '../../../test/authenticator-app.ts';
import { createBrowser } from '../../../test/http-browser.ts';
import { startTestServer } from '../../../test/server.ts';
import { consoleOf, enrol, joinStaff, knockAtStaff, mailedLink, roleId } from '../../../test/staff.ts';
import { firstStaffLink, staffLink } from '../../staff-link.ts';

const server = await startTestServer();
after(() => server.stop());
const password = 'maple stone river lamp';
const email = 'first@umbrella.example';

/** The address in what the terminal shows. */
function linkIn(shown: string | undefined): string {
  return /https?:\S+ticket=[\w-]+/.exec(shown ?? '')?.[0] ?? '';
}

const first = await (async () => {
  const stale = linkIn(await firstStaffLink(server.base));
  const link = linkIn(await firstStaffLink(server.base));
  assert.equal((await createBrowser().open(stale)).status, 400, 'a newer link ends the one before');
  const browser = createBrowser();
  const page = await browser.open(link);
  const weak = await browser.submit(page, 'administrator', { name: 'Ada', username: email, password: 'password12' });
  assert.match(weak.text, /too easy to guess/);
  const enrolled = await enrol(browser, await browser.submit(weak, 'administrator', { username: email, password }));
  const other = createBrowser();
  assert.equal((await other.open(link)).status, 400, 'it works once');
  return { browser, call: consoleOf(server, browser), ...enrolled };
})();

test('the first link makes an administrator; with one there the start says nothing more', async () => {
  const me = await first.call('GET', 'staff/me');
  assert.partialDeepStrictEqual(me.body, { email, name: 'Ada', attributes: { read: ['*'], write: ['*'] } });
  assert.equal(await firstStaffLink(server.base), undefined);
});

test('security rows 3 and 8: a reset ends sessions, links and who is half in, and leads past no second factor', async () => {
  const auditor = await roleId(first, 'Auditor');
  const person = await joinStaff(server, first, { email: 'reset@umbrella.example', roles: [auditor] });
  const thief = createBrowser();
  await knockAtStaff(server, thief, { email: 'reset@umbrella.example', password: person.password });
  assert.match((await thief.open(`${server.url}/staff/factor`)).text, /One more step/);

  const browser = createBrowser();
  const asked = await browser.open(`${server.url}/staff/forgot`);
  const sent = await browser.submit(asked, 'forgot', { username: 'Reset@Umbrella.example' });
  const unknown = await createBrowserAsking('nobody@umbrella.example');
  assert.equal(sent.text, unknown.text, 'the same for an address that nobody has');
  const link = await mailedLink(server, 'reset@umbrella.example', 'staff_reset');
  assert.ok(link.startsWith(`${server.url}/staff/reset?ticket=`));
  const page = await browser.open(link);
  const next = 'copper window garden violin';
  const done = await browser.submit(page, 'reset', { password: next });
  assert.equal(done.url.pathname, '/staff/sign-in');
  assert.equal((await browser.open(link)).status, 400);
  assert.equal((await person.call('GET', 'staff/me')).status, 401, 'sessions are over');
  assert.equal((await thief.open(`${server.url}/staff/factor`)).url.pathname, '/staff/sign-in', 'so is half a sign-in');
  for (const path of ['security', 'enrol', 'app', 'add-passkey']) {
    assert.equal((await browser.open(`${server.url}/staff/${path}`)).url.pathname, '/staff/sign-in', path);
  }
  const old = await knockAtStaff(server, createBrowser(), {
    email: 'reset@umbrella.example',
    password: person.password,
  });
  assert.match(old.text, /Wrong email or password/);
  const factor = await knockAtStaff(server, browser, { email: 'reset@umbrella.example', password: next });
  assert.equal(factor.url.pathname, '/staff/factor', 'the app is asked for all the same');
  const passed = await browser.submit(factor, 'factor', { code: codeOf(person.secret, 1) });
  assert.equal(passed.url.pathname, '/staff/security');
});

test('links are built of the configured address, whatever a request says', async () => {
  const auditor = await roleId(first, 'Auditor');
  const answer = await first.browser.send(`${server.url}/api/v2/staff-invitations`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-regulars-console': '1',
      origin: server.url,
      'x-forwarded-host': 'evil.example',
      forwarded: 'host=evil.example',
    },
    body: JSON.stringify({ email: 'host@umbrella.example', roles: [auditor] }),
  });
  assert.equal(answer.status, 201);
  const link = await mailedLink(server, 'host@umbrella.example', 'staff_invitation');
  assert.ok(link.startsWith(`${server.url}/`));
});

test('a link of the terminal is the way back in for who has lost everything', async () => {
  const browser = createBrowser();
  const page = await browser.open(linkIn(await staffLink(server.base)));
  const next = 'silver anchor meadow piano';
  const fields = { username: email, name: 'Ada', password: next };
  const page2 = await browser.submit(page, 'administrator', fields);
  assert.equal((await first.call('GET', 'staff/me')).status, 401);
  await enrol(browser, page2);
  assert.equal((await consoleOf(server, browser)('GET', 'staff')).status, 200);
  const before = await knockAtStaff(server, createBrowser(), { email, password });
  assert.match(before.text, /Wrong email or password/);
});

test('who has the password alone cannot keep the step of adding a factor for later', async () => {
  const admin = createBrowser();
  const page = await admin.open(linkIn(await staffLink(server.base)));
  const draft = { username: 'later@umbrella.example', name: 'Lea', password };
  const owner = await admin.submit(page, 'administrator', draft);
  const thief = createBrowser();
  const held = await knockAtStaff(server, thief, { email: draft.username, password });
  assert.equal(held.url.pathname, '/staff/enrol');
  await enrol(admin, owner);
  const secret = /<code>([A-Z2-7 ]+)<\/code>/.exec(held.html)?.[1]?.replaceAll(' ', '') ?? '';
  const refused = await thief.submit(held, 'enrol', { code: codeOf(secret) });
  assert.equal(refused.status, 400);
  assert.equal((await consoleOf(server, thief)('GET', 'staff/me')).status, 401);
});

async function createBrowserAsking(username: string) {
  const browser = createBrowser();
  return browser.submit(await browser.open(`${server.url}/staff/forgot`), 'forgot', { username });
}
