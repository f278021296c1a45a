import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { codeOf } from '../../../test/authenticator-app.ts';
import { createBrowser } from '../../../test/http-browser.ts';
import { openWorld } from '../../../test/sign-in-world.ts';
import {
  administratorVariables,
  consoleOf,
  firstAdministrator,
  knockAtStaff,
  mailedLink,
  signInFirst,
} from '../../../test/staff.ts';

const world = await openWorld(administratorVariables);
after(() => world.close());
const admin = await signInFirst(world);

test("a customer's session and a staff session in one browser never mix", async () => {
  const browser = world.browser();
  const page = await browser.open(world.door('lumiere', { screen_hint: 'signup' }));
  const email = 'both@example.com';
  const typed = await browser.submit(page, 'signup', { username: email, password: 'rain on the tent' });
  await browser.submit(typed, 'verify', { code: (await world.mail(email)).code });
  const account = await browser.open(`${world.url}/account`);
  assert.equal(account.url.pathname, '/account');

  const factor = await knockAtStaff(world, browser, firstAdministrator);
  await browser.submit(factor, 'factor', { code: codeOf(admin.secret, 1) });
  assert.equal((await consoleOf(world, browser)('GET', 'staff/me')).status, 200);
  assert.equal((await browser.open(`${world.url}/account`)).url.pathname, '/account', 'both are signed in');

  const kept = (name: string) => browser.jar.all().find((one) => one.name === name)?.value ?? '';
  const [customer, staff] = [kept('regulars'), kept('staff')];
  assert.ok(customer && staff && customer !== staff);
  const headers = { 'x-regulars-console': '1', origin: world.url };
  const calls = async (cookie: string) => {
    const answer = await fetch(`${world.url}/api/v2/staff/me`, { headers: { ...headers, cookie } });
    return answer.status;
  };
  const goes = async (path: string, cookie: string) => {
    const answer = await fetch(`${world.url}${path}`, { headers: { cookie }, redirect: 'manual' });
    return answer.headers.get('location') ?? String(answer.status);
  };
  assert.equal(await calls(`regulars=${customer}`), 401);
  assert.equal(await calls(`staff=${customer}`), 401);
  assert.match(await goes('/staff/security', `staff=${customer}; staff-visit=${customer}`), /^\/staff\/sign-in/);
  assert.match(await goes('/account', `regulars=${staff}`), /\/authorize/);
  assert.match(await goes('/account', `staff=${staff}`), /\/authorize/);
  const silent = await goes(world.door('lumiere', { prompt: 'none' }).slice(world.url.length), `staff=${staff}`);
  assert.match(silent, /error=login_required/);

  // Signing out of one leaves the other alone.
  const security = await browser.open(`${world.url}/staff/security`);
  await browser.submit(security, 'sign-out', {});
  assert.equal((await consoleOf(world, browser)('GET', 'staff/me')).status, 401);
  assert.equal((await browser.open(`${world.url}/account`)).url.pathname, '/account');
});

test('security row 6: a form counts in the browser that opened it, from our own page', async () => {
  const mine = createBrowser();
  const page = await mine.open(`${world.url}/staff/sign-in`);
  const token = page.forms[0]?.fields.token ?? '';
  const form = { username: firstAdministrator.email, password: firstAdministrator.password, token };
  const post = (browser: ReturnType<typeof createBrowser>, headers: Record<string, string>) =>
    browser.send(`${world.url}/staff/sign-in`, { method: 'POST', headers, body: new URLSearchParams(form) });
  const stranger = createBrowser();
  await stranger.open(`${world.url}/staff/sign-in`);
  assert.equal((await post(stranger, { origin: world.url })).status, 403, "another browser's token");
  assert.equal((await post(createBrowser(), { origin: world.url })).status, 403, 'no cookie');
  assert.equal((await post(mine, { origin: 'https://evil.example' })).status, 403);
  assert.equal((await post(mine, {})).status, 403, 'no Origin');
  assert.equal((await post(mine, { origin: world.url })).status, 303);
  const out = await admin.browser.send(`${world.url}/staff/sign-out`, {
    method: 'POST',
    headers: { origin: 'https://evil.example', 'x-regulars-console': '1' },
  });
  assert.equal(out.status, 403);
  assert.equal((await admin.call('GET', 'staff/me')).status, 200);
});

test('security row 19: an address that nobody has is answered alike, with the same work', async () => {
  const work = () => world.base.hasher.work().done;
  const answers = [];
  for (const email of [firstAdministrator.email, 'nobody@umbrella.example', 'not an address']) {
    const before = work();
    const page = await knockAtStaff(world, createBrowser(), { email, password: 'a wrong password' });
    answers.push({ status: page.status, text: page.text, hashes: work() - before });
  }
  const [known, unknown, odd] = answers;
  assert.deepEqual(unknown, known);
  assert.deepEqual(odd, known);
  assert.equal(known?.hashes, 1);
});

test('security row 15: ten wrong passwords shut the door from there, and a mailed link opens it', async () => {
  const from = { 'x-forwarded-for': '203.0.113.9' };
  const browser = createBrowser({ headers: from });
  const wrong = { email: firstAdministrator.email, password: 'a wrong password' };
  for (let tries = 0; tries < 10; tries += 1) await knockAtStaff(world, browser, wrong);
  const shut = await knockAtStaff(world, browser, firstAdministrator);
  assert.equal(shut.status, 429);
  assert.match(shut.text, /Too many attempts/);
  assert.ok(shut.headers.get('retry-after'));
  const link = await mailedLink(world, firstAdministrator.email, 'staff_unblock');
  const opened = await browser.submit(await browser.open(link), 'unblock', {});
  assert.match(opened.text, /You can sign in again/);
  assert.equal((await knockAtStaff(world, browser, firstAdministrator)).url.pathname, '/staff/factor');
});

test('security row 15: twenty wrong codes lock that step; no right password forgives them', async () => {
  const browser = createBrowser();
  let page = await knockAtStaff(world, browser, firstAdministrator);
  const wrong = codeOf(admin.secret, 40);
  for (let tries = 0; tries < 20; tries += 1) {
    page = await knockAtStaff(world, browser, firstAdministrator);
    // From elsewhere each time: it is the step that is counted, not the place.
    if (page.status === 429) break;
    page = await browser.submit(page, 'factor', { code: wrong });
    if (tries === 9) await openAgain();
  }
  const locked = await browser.submit(await stillHalfIn(browser), 'factor', { code: codeOf(admin.secret, 1) });
  assert.equal(locked.status, 429, locked.text);
  const link = await mailedLink(world, firstAdministrator.email, 'staff_unlock_factor');
  await browser.submit(await browser.open(link), 'unblock', {});
});

test('pages send the strictest headers, and cookies of the strictest kind', async () => {
  const answer = await fetch(`${world.url}/staff/sign-in`);
  const policy = answer.headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.ok(!/unsafe|\*/.test(policy), policy);
  assert.equal(answer.headers.get('x-frame-options'), 'DENY');
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  for (const cookie of answer.headers.getSetCookie()) {
    assert.match(cookie, /HttpOnly/);
    assert.match(cookie, /SameSite=Strict/);
    assert.match(cookie, /Path=\//);
  }
  const text = '<script>alert(1)</script>';
  const browser = createBrowser();
  const page = await browser.open(`${world.url}/staff/sign-in?return_to=${encodeURIComponent(`/"><b>${text}`)}`);
  const again = await browser.submit(page, 'sign-in', { username: text, password: 'x' });
  for (const { html } of [page, again]) assert.ok(!html.includes(text) && !html.includes('"><b>'));
});

async function openAgain(): Promise<void> {
  const browser = createBrowser();
  const link = await mailedLink(world, firstAdministrator.email, 'staff_unblock');
  await browser.submit(await browser.open(link), 'unblock', {});
}

async function stillHalfIn(browser: ReturnType<typeof createBrowser>) {
  const page = await browser.open(`${world.url}/staff/factor`);
  return page.url.pathname === '/staff/factor' ? page : knockAtStaff(world, browser, firstAdministrator);
}
