// The console in Chromium beside customers: live, in one browser with them, and with what they call themselves.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { appendTimeline, findByUserId, subjectsOf } from '../../server/features/customers/customers.ts';
import { type Manage, makeCustomer, makePortal, manageAt } from '../api-calls.ts';
import { codeOf } from '../authenticator-app.ts';
import { assertAccessible, desktop, openBrowser, phone } from '../browser.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { administratorVariables, joinStaff, roleId, type SignedIn, signInFirst } from '../staff.ts';
import { consoleOfStaff, look } from '../staff-page.ts';

const email = 'sofia.marchetti@example.com';
const password = 'seven green rivers';
let server: TestServer;
let browser: Browser;
let manage: Manage;
let admin: SignedIn;
let customer: string;
let portal: { client_id: string; client_secret: string };
before(async () => {
  [server, browser] = await Promise.all([startTestServer({ ...administratorVariables }), openBrowser()]);
  manage = await manageAt(server);
  const grants = ['authorization_code', 'password'];
  portal = await makePortal(manage, { app_type: 'regular_web', grant_types: grants });
  customer = await makeCustomer(manage, email, password);
  admin = await signInFirst(server);
});
after(async () => {
  await browser.close();
  await server.stop();
});

const consolePage = (who: SignedIn) => consoleOfStaff(browser, server, who);

async function signIn(): Promise<void> {
  const answer = await fetch(`${server.url}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ grant_type: 'password', ...portal, username: email, password, scope: 'openid' }),
  });
  assert.equal(answer.status, 200, await answer.text());
}

test('a marketer sees a sign-in appear within two seconds, and at which brand', async () => {
  const marketer = await joinStaff(server, admin, {
    email: 'mo@umbrella.example',
    roles: [await roleId(admin, 'Marketer')],
  });
  const page = await consolePage(marketer);
  await page.goto(`${server.url}/console/customers/${encodeURIComponent(customer)}`);
  await page.getByText('live', { exact: true }).waitFor();
  const rows = page.getByRole('region', { name: 'Timeline' }).getByText('signed in', { exact: false });
  const took: number[] = [];
  // A machine that does much else is slow at times, and never all the time.
  while (took.length < 4 && took.every((ms) => ms >= 2000)) {
    const before = await rows.count();
    await signIn();
    const answered = Date.now();
    while ((await rows.count()) === before && Date.now() - answered < 10_000) await page.waitForTimeout(20);
    took.push(Date.now() - answered);
  }
  assert.ok(
    took.some((ms) => ms < 2000),
    `${took} ms`,
  );
  const [brand] = await server.base.db.selectFrom('brands').select('name').execute();
  const year = new Date().getFullYear();
  await page
    .getByRole('region', { name: 'In short' })
    .getByText(new RegExp(`${brand?.name} \\(.*${year}\\)`))
    .waitFor();
});

test('security row 7: a customer’s session and a staff session in one browser never mix', async () => {
  const staff = { email: 'zoe@umbrella.example', roles: [await roleId(admin, 'Marketer')] };
  const zoe = await joinStaff(server, admin, staff);
  const page = await consolePage(zoe);
  const context = page.context();
  const account = await context.newPage();
  const ask = (at: Page, headers: Record<string, string>) =>
    at.evaluate(async (sent) => {
      const answer = await fetch('/api/v2/staff/me', { headers: sent });
      return { status: answer.status, text: await answer.text() };
    }, headers);
  const asConsole = { 'x-regulars-console': '1' };
  await account.goto(`${server.url}/account`);
  await account.locator('#username').fill(email);
  await account.locator('#password').fill(password);
  await account.getByRole('button', { name: 'Continue', exact: true }).click();
  await account.waitForURL(/\/account$/);
  await account.getByText(email).first().waitFor();
  assert.equal(await account.getByText(staff.email).count(), 0);
  assert.equal((await ask(account, {})).status, 403, 'the cookies alone are nothing for the API');
  const me = await ask(page, asConsole);
  assert.equal(me.status, 200);
  assert.ok(me.text.includes(staff.email) && !me.text.includes(email));

  // Staff goes: the customer stays, and is nobody to the API.
  await page.goto(`${server.url}/staff/security`);
  await page.getByRole('button', { name: 'Sign out here', exact: true }).click();
  await page.getByText('You are signed out.').waitFor();
  await account.reload();
  await account.getByText(email).first().waitFor();
  assert.equal((await ask(account, asConsole)).status, 401);
  await page.goto(`${server.url}/console/customers`);
  await page.waitForURL(/\/staff\/sign-in/);
  // The customer goes: staff stays.
  await page.locator('#username').fill(staff.email);
  await page.locator('#password').fill(zoe.password);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.locator('#code').fill(codeOf(zoe.secret, 1));
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Customers' }).waitFor();
  await account.getByRole('button', { name: 'Sign out everywhere in this browser', exact: true }).click();
  await account.waitForLoadState();
  await account.goto(`${server.url}/account`);
  await account.locator('#username').waitFor();
  assert.equal((await ask(page, asConsole)).status, 200);
  await context.close();
});

test('long texts, and markup in every text that a customer controls, are shown as text', async () => {
  const hostile = `<img src=x onerror=alert(1)>"'</script><script>alert(1)</script>`;
  // The most that one value may be is 64 kB; a list may hold several.
  const long = `${hostile}${'x'.repeat(30_000)}`;
  const id = await makeCustomer(manage, 'hostile@texts.example.com', password);
  const path = `users/${encodeURIComponent(id)}`;
  const sent = { name: hostile.repeat(2), given_name: hostile, nickname: hostile };
  const metadata = {
    user_metadata: { [hostile]: hostile, long, list: [hostile, { name: long }] },
    app_metadata: { long },
  };
  await manage('PATCH', path, { ...sent, ...metadata });
  await assert.rejects(manage('PATCH', path, { user_metadata: { long: 'x'.repeat(100_000) } }), /larger than 64 kB/);
  await manage('POST', `${path}/tags`, { tags: [hostile.slice(0, 40)] });
  await manage('POST', `${path}/notes`, { text: `${hostile}${'y'.repeat(3000)}` });
  const answer = await fetch(`${server.url}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': hostile },
    body: JSON.stringify({ grant_type: 'password', ...portal, username: 'hostile@texts.example.com', password }),
  });
  assert.equal(answer.status, 200);
  const page = await consolePage(admin); // a dialog fails the test
  for (const to of [`/customers/${encodeURIComponent(id)}`, '/customers?search=hostile', '/audit', '/outbox']) {
    await page.goto(`${server.url}/console${to}`);
    await page
      .getByText('onerror=alert(1)')
      .or(page.getByText('Written', { exact: true }))
      .first()
      .waitFor();
    for (const size of [phone, desktop]) {
      await page.setViewportSize(size);
      const wider = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
      const beyond: string[] = await page.evaluate(
        `[...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
          .map((one) => one.tagName + '.' + one.className + ' ' + one.textContent.slice(0, 40))`,
      );
      assert.equal(wider, false, `${to} scrolls sideways at ${size.width}: ${beyond.slice(-3).join(' | ')}`);
    }
    assert.equal(await page.locator('main img[src="x"], main script').count(), 0, to);
  }
  await page.context().close();
});

test('whoever sees little of customers reads in the timeline which rule failed by its name; a row of before that has none is there', async () => {
  const { db } = server.base;
  const [subject = ''] = await subjectsOf(db, (await findByUserId(db, customer))?.id ?? '');
  const before = { class: 'sign_in', source: 'login', name: 'rules_failed', occurredAt: new Date(0) } as const;
  await appendTimeline(db, [{ ...before, subject, data: { rules: ['4ad0'] } }]);
  await appendTimeline(db, [{ ...before, name: 'merged', class: 'profile', subject, data: { merge: '4ad0' } }]);
  const { id } = await manage('POST', 'rules', { name: 'Loyalty level', script: 'function () { null.level; }' });
  await manage('PATCH', `rules/${id}/running`, { on_failure: 'go_on' });
  await signIn();
  await manage('DELETE', `rules/${id}`);
  const till = { name: 'Till', scopes: ['read:users', 'read:logs_users'], attributes: { read: ['email'], write: [] } };
  const { body } = await admin.call('POST', 'staff-roles', till);
  const who = await joinStaff(server, admin, { email: 'till@umbrella.example', roles: [String(body.id)] });
  const page = await consolePage(who);
  await page.goto(`${server.url}/console/customers/${encodeURIComponent(customer)}`);
  const timeline = page.getByRole('region', { name: 'Timeline' });
  await timeline.getByText('A rule failed at the sign-in: Loyalty level').waitFor();
  assert.equal(await timeline.getByText('A rule failed at the sign-in').count(), 2);
  await timeline.getByText('Another profile was joined to this one').waitFor();
  assert.doesNotMatch(await timeline.innerText(), /4ad0|Username-Password/);
  assert.match(await timeline.innerText(), /with a password/);
  await look(page, email);
  await page.context().close();
});

test('lists and dialogs of set-up and staff are good in light and dark, on a desk and on a phone', async () => {
  await manage('POST', 'brands', { slug: 'looked-at', name: 'Looked at' });
  const store = { brand: 'looked-at', name: 'Boulevard', time_zone: 'Europe/Paris', currency: 'EUR' };
  assert.equal((await admin.call('POST', 'stores', store)).status, 201);
  const page = await consolePage(admin);
  const dialogs = [
    ['brands', 'Brands', 'Looked at', 'New brand'],
    ['stores', 'Stores', 'Boulevard', 'New store'],
    ['staff-roles', 'Roles', 'Associate', 'New role'],
  ] as const;
  for (const [path, heading, row, make] of dialogs) {
    await page.goto(`${server.url}/console/${path}`);
    await page.getByText(row, { exact: true }).first().waitFor();
    await look(page, heading);
    await page.getByRole('button', { name: make, exact: true }).click();
    await page.getByRole('dialog', { name: make }).waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      for (const size of [phone, desktop]) {
        await page.setViewportSize(size);
        await assertAccessible(page);
      }
    }
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  await page.context().close();
});
