import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, mock, test } from 'node:test';
import { codeOf, secretOn } from '../../../test/authenticator-app.ts';
import type { Browser } from '../../../test/http-browser.ts';
import { openWorld, signIn, signUp } from '../../../test/sign-in-world.ts';
import { uuid } from '../../base/ids.ts';
import { identitiesOf, timelineOf } from '../../features/customers/customers.ts';

const world = await openWorld();
after(() => world.close());
const password = 'correct horse battery';
const account = `${world.url}/account`;
const devices = `${account}/devices`;
const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0';
const safari =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1';

async function member(email: string): Promise<Browser> {
  const browser = world.browser({ 'user-agent': firefox });
  await signUp(world, browser, email, password);
  return browser;
}
async function another(email: string) {
  const browser = world.browser({ 'user-agent': safari });
  const { body } = await world.tokens(await signIn(world, browser, email, password));
  return { browser, refresh: String(body.refresh_token) };
}
const isIn = async (browser: Browser) => (await browser.open(account)).url.pathname === '/account';
const refreshes = async (token: string) => {
  const { status, body } = await world.token({ grant_type: 'refresh_token', refresh_token: token });
  return { ok: status === 200, token: String(body.refresh_token ?? token) };
};

test('every session is listed in plain words, this one marked and without a button', async () => {
  const email = 'listed@example.com';
  const browser = await member(email);
  await another(email);
  const page = await browser.open(devices);
  assert.match(page.text, /Firefox \(Windows\) this one 127\.0\.0\.1 Last used \d.*Safari \(iPhone\) 127\.0\.0\.1/);
  const form = page.forms.find(({ action }) => action.endsWith('/end-session'));
  assert.equal(form?.buttons.length, 1);
  assert.match(page.html, /aria-label="Sign out Safari \(iPhone\)"/);
  assert.match(page.text, /Devices we know .*Safari \(iPhone\) First used/);
});

test('ending one ends it with its refresh tokens, and no other', async () => {
  const email = 'one@example.com';
  const browser = await member(email);
  const [one, two] = [await another(email), await another(email)];
  const page = await browser.open(devices);
  const done = await browser.submit(page, 'end-session');
  assert.match(done.text, /Safari \(iPhone\) is signed out\./);
  // The latest used stands first.
  assert.deepEqual([await isIn(browser), await isIn(one.browser), await isIn(two.browser)], [true, true, false]);
  assert.equal((await refreshes(two.refresh)).ok, false);
  assert.equal((await refreshes(one.refresh)).ok, true);
  assert.equal((await browser.submit(page, 'end-session')).status, 404, 'it is over already');
  const { entries } = await timelineOf(world.base.db, (await world.customer(email)).id, { perPage: 5 });
  assert.ok(entries.some(({ name }) => name === 'session_ended'));
});

test('ending all others leaves this one alone', async () => {
  const email = 'others@example.com';
  const browser = await member(email);
  const [one, two] = [await another(email), await another(email)];
  const done = await browser.submit(await browser.open(devices), 'end-others');
  assert.match(done.text, /You are signed out everywhere else\. .*You are signed in nowhere else/);
  assert.deepEqual([await isIn(browser), await isIn(one.browser), await isIn(two.browser)], [true, false, false]);
  for (const { refresh } of [one, two]) assert.equal((await refreshes(refresh)).ok, false);
});

test('an app whose session is over is listed by its portal, and ends, too', async () => {
  const email = 'lasting@example.com';
  await member(email);
  const { refresh } = await another(email);
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 4 * 86_400_000 });
  try {
    const kept = await refreshes(refresh);
    assert.ok(kept.ok, 'the session has been idle for too long, the app has not');
    const browser = world.browser({ 'user-agent': firefox });
    await signIn(world, browser, email, password);
    const page = await browser.open(devices);
    assert.match(page.text, /Apps that stay signed in .*Lumière/);
    const done = await browser.submit(page, 'end-session');
    assert.match(done.text, /is signed out/);
    assert.equal((await refreshes(kept.token)).ok, false);
    assert.ok(await isIn(browser));
  } finally {
    mock.timers.reset();
  }
});

test('security row 16: another customer’s session is nothing in this form', async () => {
  const mine = await member('mine@example.com');
  const theirs = await member('theirs@example.com');
  const { browser: victim, refresh } = await another('theirs@example.com');
  const page = await mine.open(devices);
  const token = page.forms[0]?.fields.token ?? '';
  const shown = (await theirs.open(devices)).forms.find(({ action }) => action.endsWith('/end-session'));
  const rows = await world.base.db.selectFrom('sessions').select('uid').execute();
  const grants = await world.base.db.selectFrom('grants').select('id').execute();
  const tries = [...(shown?.buttons ?? []).map(({ value }) => value), ...rows.map(({ uid }) => uid)];
  for (const session of [...tries, ...grants.map(({ id }) => id)]) {
    const body = new URLSearchParams({ token, session });
    const answer = await mine.send(`${account}/end-session`, { method: 'POST', body, headers: { origin: world.url } });
    assert.equal(answer.status, 404, session);
  }
  assert.ok(await isIn(victim));
  assert.ok((await refreshes(refresh)).ok);
});

test('security row 6: no other site, no other session’s form, no stale proof ends a session', async () => {
  const email = 'forms@example.com';
  const browser = await member(email);
  const { browser: other } = await another(email);
  const token = (await browser.open(devices)).forms[0]?.fields.token ?? '';
  const foreign = (await (await member('foreign@example.com')).open(devices)).forms[0]?.fields.token ?? '';
  const send = (fields: Record<string, string>, origin = world.url) =>
    browser.send(`${account}/end-others`, { method: 'POST', body: new URLSearchParams(fields), headers: { origin } });
  assert.equal((await send({ token }, 'https://evil.example')).status, 403);
  assert.equal((await send({})).status, 403);
  assert.equal((await send({ token: foreign })).status, 403);
  const looked = await browser.send(`${account}/end-others`);
  assert.equal(looked.status, 404, 'looking at an address ends nothing');
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 11 * 60_000 });
  try {
    assert.match((await send({ token })).headers.get('location') ?? '', /\/authorize\?.*prompt=login/);
  } finally {
    mock.timers.reset();
  }
  assert.ok(await isIn(other));
});

test('a device that is forgotten is a new one again, and asks for the second step', async () => {
  const email = 'forgets@example.com';
  const browser = await member(email);
  const sold = world.browser({ 'user-agent': safari });
  await signIn(world, sold, email, password);
  const scan = await sold.submit(await sold.open(`${account}/factors`), 'factor-app');
  const secret = secretOn(scan);
  await sold.submit(scan, 'factor-app-confirm', { code: codeOf(secret) });
  await world.base.db.deleteFrom('remembered_devices').execute();
  await sold.submit(await sold.open(account), 'sign-out');
  const asked = await sold.submit(await signIn(world, sold, email, password), 'factor', {
    code: codeOf(secret, 1),
    remember: 'yes',
  });
  assert.equal(asked.url.origin, 'http://lumiere.example', asked.text);
  const page = await browser.open(devices);
  assert.match(page.text, /Safari \(iPhone\) no second step here First used/);
  const marks = page.forms.find(({ action }) => action.endsWith('/forget-device'))?.buttons ?? [];
  const done = await browser.submit(page, 'forget-device', {}, marks[0]?.value);
  assert.match(done.text, /Safari \(iPhone\) is forgotten/);
  assert.doesNotMatch(done.text, /no second step here/);
  await sold.submit(await sold.open(account), 'sign-out');
  assert.match((await signIn(world, sold, email, password)).url.pathname, /\/factor$/);
});

test('my data tells how many there are beyond those that are shown', async () => {
  const email = 'many@example.com';
  const browser = await member(email);
  const [identity] = await identitiesOf(world.base.db, (await world.customer(email)).id);
  const seen = { first_seen: new Date(), last_seen: new Date() };
  const many = Array.from({ length: 102 }, () => ({ id: uuid(), cookie_hash: randomBytes(32), user_agent: safari }));
  const { db } = world.base;
  await db
    .insertInto('devices')
    .values(many.map((one) => ({ ...one, ...seen })))
    .execute();
  const whose = { subject: identity?.subject ?? '', connection: identity?.connection ?? '', ...seen };
  await db
    .insertInto('device_subjects')
    .values(many.map(({ id }) => ({ ...whose, device: id })))
    .execute();
  const page = await browser.open(`${account}/data`);
  assert.match(page.text, /and 3 more, in the file/);
  assert.match(page.html, /href="\/account\/activity"/);
});
