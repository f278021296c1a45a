import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createAuthenticator } from '../../../test/authenticator.ts';
import { codeOf } from '../../../test/authenticator-app.ts';
import { createBrowser } from '../../../test/http-browser.ts';
import { createOptionsOf, getOptionsOf } from '../../../test/passkey-steps.ts';
import { startTestServer } from '../../../test/server.ts';
import {
  administratorVariables,
  consoleOf,
  firstAdministrator,
  knockAtStaff,
  signInFirst,
} from '../../../test/staff.ts';

const server = await startTestServer(administratorVariables);
after(() => server.stop());
const first = await signInFirst(server);

test('the administrator of the environment signs in, and the console learns what they may', async () => {
  const nobody = await consoleOf(server, createBrowser())('GET', 'staff/me');
  assert.equal(nobody.status, 401);
  const me = await first.call('GET', 'staff/me');
  assert.equal(me.status, 200, JSON.stringify(me.body));
  assert.partialDeepStrictEqual(me.body, {
    email: firstAdministrator.email,
    attributes: { read: ['*'], write: ['*'] },
    brands: null,
    sign_out: '/staff/sign-out',
  });
  assert.equal((await first.call('GET', 'brands')).status, 200);
  assert.equal(first.codes.length, 10);
});

test('security row 15: the next time the code of the app is asked for; used once, it is worth nothing', async () => {
  const code = codeOf(first.secret, 1);
  const [one, two] = [createBrowser(), createBrowser()];
  for (const browser of [one, two]) {
    const page = await knockAtStaff(server, browser, firstAdministrator);
    assert.equal(page.url.pathname, '/staff/factor');
    assert.equal((await consoleOf(server, browser)('GET', 'staff/me')).status, 401, 'half in is not in');
    const empty = await browser.submit(page, 'factor', { code: '' });
    assert.match(empty.text, /Please fill this in/);
  }
  const pages = await Promise.all(
    [one, two].map(async (browser) => {
      const page = await browser.open(`${server.url}/staff/factor`);
      return browser.submit(page, 'factor', { code });
    }),
  );
  assert.deepEqual(pages.map(({ url }) => url.pathname).sort(), ['/staff/factor', '/staff/security']);
  assert.ok(pages.some(({ text }) => /used already/.test(text)));
});

test('a recovery code lets in once', async () => {
  const [code = ''] = first.codes;
  for (const isIn of [true, false]) {
    const browser = createBrowser();
    await knockAtStaff(server, browser, firstAdministrator);
    const page = await browser.open(`${server.url}/staff/factor?by=recovery_code`);
    const arrived = await browser.submit(page, 'factor', { code });
    assert.equal(arrived.url.pathname, isIn ? '/staff/security' : '/staff/factor');
  }
});

test('a passkey is added, and signs in by itself and as the second factor', async () => {
  const authenticator = createAuthenticator(server.url);
  const page = await first.browser.open(`${server.url}/staff/add-passkey`);
  const credential = authenticator.create(createOptionsOf(page));
  const added = await first.browser.submit(page, 'add-passkey', { name: 'Laptop', credential });
  assert.match(added.text, /Laptop/);

  const alone = createBrowser();
  const door = await alone.open(`${server.url}/staff/sign-in?return_to=/staff/security`);
  const used = authenticator.get(await getOptionsOf(alone, door));
  const arrived = await alone.submit(door, 'passkey', { credential: used });
  assert.equal(arrived.url.pathname, '/staff/security', arrived.text);

  const again = createBrowser();
  const other = await again.open(`${server.url}/staff/sign-in`);
  const replayed = await again.submit(other, 'passkey', { credential: used });
  assert.match(replayed.text, /took too long, or was sent twice/);
  const forged = authenticator.get(await getOptionsOf(again, other), { forged: true });
  assert.match((await again.submit(other, 'passkey', { credential: forged })).text, /does not open an account/);
  const unverified = authenticator.get(await getOptionsOf(again, other), { verified: false });
  assert.match((await again.submit(other, 'passkey', { credential: unverified })).text, /does not open an account/);

  const second = createBrowser();
  const factor = await knockAtStaff(server, second, firstAdministrator);
  const signed = authenticator.get(await getOptionsOf(second, factor, 'factor-passkey'));
  const passed = await second.submit(factor, 'factor-passkey', { credential: signed });
  assert.equal(passed.url.pathname, '/staff/security', passed.text);
});

test('security row 7: each step gives new cookies, and those before it are worth nothing', async () => {
  const browser = createBrowser();
  const kept = (name: string) => browser.jar.all().find((cookie) => cookie.name === name)?.value;
  await browser.open(`${server.url}/staff/sign-in`);
  const begun = kept('staff-visit');
  const page = await knockAtStaff(server, browser, firstAdministrator);
  const half = kept('staff-visit');
  assert.notEqual(half, begun);
  const passed = await browser.submit(page, 'factor', { code: first.codes[1] ?? '', by: 'recovery_code' });
  assert.equal(passed.url.pathname, '/staff/security');
  const session = kept('staff');
  assert.notEqual(session, half);
  assert.notEqual(kept('staff-visit'), half);
  for (const stale of [begun, half]) {
    const headers = { cookie: `staff=${stale}; staff-visit=${stale}`, 'x-regulars-console': '1' };
    assert.equal((await fetch(`${server.url}/api/v2/staff/me`, { headers })).status, 401);
    const factor = await fetch(`${server.url}/staff/factor`, { headers, redirect: 'manual' });
    assert.equal(factor.status, 303, 'the step was used up');
  }
  // Signing in anew in the same browser ends the session that was there.
  const factor = await knockAtStaff(server, browser, firstAdministrator);
  await browser.submit(factor, 'factor', { code: first.codes[2] ?? '', by: 'recovery_code' });
  const headers = { cookie: `staff=${session}`, 'x-regulars-console': '1' };
  assert.equal((await fetch(`${server.url}/api/v2/staff/me`, { headers })).status, 401);
});

test('signing out ends the session', async () => {
  const browser = createBrowser();
  const page = await knockAtStaff(server, browser, firstAdministrator);
  const inside = await browser.submit(page, 'factor', { code: first.codes[3] ?? '', by: 'recovery_code' });
  const stolen = browser.jar
    .all()
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ');
  const out = await browser.submit(inside, 'sign-out', {});
  assert.match(out.text, /You are signed out/);
  const headers = { 'x-regulars-console': '1', cookie: stolen };
  assert.equal((await fetch(`${server.url}/api/v2/staff/me`, { headers })).status, 401);
});

test('the console signs out by its header, from our own pages only', async () => {
  const browser = createBrowser();
  const page = await knockAtStaff(server, browser, firstAdministrator);
  await browser.submit(page, 'factor', { code: first.codes[4] ?? '', by: 'recovery_code' });
  const console = consoleOf(server, browser);
  const { sign_out } = (await console('GET', 'staff/me')).body;
  const leave = (headers: Record<string, string>) =>
    browser.send(`${server.url}${sign_out}`, { method: 'POST', headers: { 'x-regulars-console': '1', ...headers } });
  assert.equal((await leave({ origin: 'https://evil.example' })).status, 403);
  assert.equal((await leave({ origin: 'null' })).status, 403);
  assert.equal((await leave({})).status, 403);
  assert.equal((await console('GET', 'staff/me')).status, 200, 'and the session goes on');
  const stolen = browser.jar.header(new URL(server.url));
  const out = await leave({ origin: server.url });
  assert.equal(out.status, 204);
  assert.equal((await console('GET', 'staff/me')).status, 401);
  const headers = { 'x-regulars-console': '1', cookie: stolen };
  assert.equal((await fetch(`${server.url}/api/v2/staff/me`, { headers })).status, 401);
});

test('only paths of our own are gone to after signing in', async () => {
  const bad = [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/%09/evil',
    '/a\n//b',
    'javascript:alert(1)',
  ];
  for (const asked of [...bad, '/..//evil.example', '/.//evil.example']) {
    const browser = createBrowser();
    const page = await browser.open(`${server.url}/staff/sign-in?return_to=${encodeURIComponent(asked)}`);
    const kept = page.forms.find(({ action }) => action === 'sign-in')?.fields.return_to ?? '';
    assert.equal(new URL(kept, server.url).origin, server.url, asked);
    assert.ok(!kept.startsWith('//') && !kept.includes('\\'), asked);
  }
});
