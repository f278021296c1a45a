import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, mock, test } from 'node:test';
import { writeMmdb } from '../../../demo/arrivals/mmdb.ts';
import type { Browser } from '../../../test/http-browser.ts';
import { openWorld, signIn, signUp } from '../../../test/sign-in-world.ts';
import { createAccount } from '../../features/accounts/accounts.ts';
import { defaultPasswordConnection } from '../../features/connections/connections.ts';
import { timelineOf } from '../../features/customers/customers.ts';

const folder = await mkdtemp(join(tmpdir(), 'regulars-unusual-'));
const geoip = join(folder, 'places.mmdb');
await writeMmdb(geoip, {
  '81.2.69.0/24': { country: 'FR', city: 'Lyon', latitude: 45.75, longitude: 4.85 },
  '81.2.70.0/24': { country: 'FR', city: 'Villeurbanne', latitude: 45.77, longitude: 4.88 },
  '1.128.0.0/11': { country: 'AU', city: 'Sydney', latitude: -33.87, longitude: 151.21 },
});
const world = await openWorld({ REGULARS_GEOIP: geoip, REGULARS_TRUSTED_PROXIES: '127.0.0.1' });
after(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});
const password = 'correct horse battery';
const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0';
const [lyon, suburb, sydney, nowhere] = ['81.2.69.7', '81.2.70.7', '1.130.0.7', '9.9.9.9'];

/** A browser whose requests come from this address; `from` moves it. */
function browserAt(ip: string): Browser & { from: (ip: string) => void } {
  const headers = { 'x-forwarded-for': ip, 'user-agent': firefox };
  const browser = world.browser(headers);
  const from = (next: string) => {
    headers['x-forwarded-for'] = next;
  };
  return { ...browser, from };
}
async function member(email: string, ip = lyon) {
  const browser = browserAt(ip);
  await signUp(world, browser, email, password);
  return browser;
}
async function enter(browser: Browser, email: string): Promise<void> {
  browser.jar.remove('regulars');
  const page = await signIn(world, browser, email, password);
  assert.equal(page.url.origin, 'http://lumiere.example', page.text);
}
const told = async (email: string) => (await world.mails(email)).filter(({ kind }) => kind === 'new_device');
const last = async (email: string) => {
  const { entries } = await timelineOf(world.base.db, (await world.customer(email)).id, { perPage: 20 });
  return entries.find(({ name }) => name === 'signed_in')?.data ?? {};
};

test('a new device is told by mail with time, browser, place; neither the sign-up nor a known device is', async () => {
  const email = 'device@example.com';
  const browser = await member(email);
  await enter(browser, email);
  assert.deepEqual(await told(email), []);
  await enter(browserAt(lyon), email);
  const [mail, another] = await told(email);
  assert.ok(mail && !another);
  assert.match(mail.text, /Browser: Firefox \(Windows\)\. Place: Lyon, France \(81\.2\.69\.7\)/);
  assert.match(mail.text, new RegExp(`Time: \\d{1,2} \\w+ ${new Date().getFullYear()}`));
  assert.match(mail.link, /\/u\/not-me\?ticket=/);
  assert.partialDeepStrictEqual(await last(email), { new_device: true, place: { country: 'FR', city: 'Lyon' } });
});

test('an address that nobody has proven is sent no such mail; the timeline tells of the device all the same', async () => {
  const email = 'never-proven@example.com';
  const account = { connection: defaultPasswordConnection, email, password, emailVerified: false } as const;
  await createAccount(world.base, world.base.db, { ...account, facts: [], origin: 'api' });
  await enter(browserAt(lyon), email);
  await enter(browserAt(sydney), email);
  assert.deepEqual(await told(email), []);
  assert.partialDeepStrictEqual(await last(email), { new_device: true, new_place: true });
});

test('an unusual place is told, too, though the device is known; the town next door is not unusual', async () => {
  const email = 'place@example.com';
  const browser = await member(email);
  browser.from(suburb);
  await enter(browser, email);
  assert.deepEqual(await told(email), []);
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 40 * 3_600_000 });
  try {
    browser.from(sydney);
    await enter(browser, email);
    assert.match((await told(email))[0]?.text ?? '', /Place: Sydney, Australia/);
    const data = await last(email);
    assert.equal(data.new_place, true);
    assert.equal(data.impossible_travel, undefined, 'forty hours are enough');
    browser.from(nowhere);
    await enter(browser, email);
    assert.equal((await told(email)).length, 1, 'an address without a place is no unusual one');
  } finally {
    mock.timers.reset();
  }
});

test('impossible travel is a signal, with how far and how fast', async () => {
  const email = 'travel@example.com';
  const browser = await member(email);
  browser.from(sydney);
  await enter(browser, email);
  const { impossible_travel } = await last(email);
  assert.ok(typeof impossible_travel === 'object' && impossible_travel && 'kilometres' in impossible_travel);
  const { kilometres, hours } = impossible_travel;
  assert.ok(Number(kilometres) > 16_000 && Number(hours) < 1);
});

test('without a place the IP address is told; in the customer’s language', async () => {
  const email = 'anywhere@example.com';
  await member(email, nowhere);
  const browser = browserAt(nowhere);
  const page = await browser.open(world.door('northtrail', { ui_locales: 'de' }));
  await browser.submit(page, 'login', { username: email, password });
  const [mail] = await told(email);
  assert.match(mail?.text ?? '', /Waren Sie das\?.*Ort: 9\.9\.9\.9\./s);
  assert.match(mail?.sender ?? '', /Northtrail/);
});

test('“this was not me”: looking does nothing, the button ends that sign-in with its tokens, once; then a new password', async () => {
  const email = 'robbed@example.com';
  const own = await member(email);
  const thief = browserAt(sydney);
  const { body } = await world.tokens(await signIn(world, thief, email, password));
  const refresh = (token: unknown) => world.token({ grant_type: 'refresh_token', refresh_token: String(token) });
  const link = (await told(email))[0]?.link ?? '';
  const page = await browserAt(lyon).open(link);
  assert.match(page.text, /Browser: Firefox \(Windows\)\. Place: Sydney, Australia/);
  assert.equal((await thief.open(`${world.url}/account`)).url.pathname, '/account', 'looking ends nothing');
  const foreign = await own.send(`${world.url}/u/not-me`, {
    method: 'POST',
    body: new URLSearchParams({ ticket: page.forms[0]?.fields.ticket ?? '' }),
    headers: { origin: 'https://evil.example' },
  });
  assert.equal(foreign.status, 403, 'nor does another site');

  const done = await own.submit(page, 'not-me');
  assert.match(done.text, /That sign-in has ended/);
  assert.match((await thief.open(`${world.url}/account`)).url.pathname, /\/login$/);
  assert.equal((await refresh(body.refresh_token)).status, 403);
  assert.equal((await own.open(`${world.url}/account`)).url.pathname, '/account', 'the owner stays signed in');
  assert.equal((await own.submit(page, 'not-me')).status, 410, 'once');

  const choose = await own.follow(done, 'Choose a new password');
  const saved = await own.submit(choose, 'reset-password', { password: 'another good password' });
  assert.match(saved.text, /Your new password is saved/);
  assert.equal((await signIn(world, browserAt(sydney), email, password)).status, 403);
});

test('“this was not me”: the thief’s device is a new one again, and is not remembered', async () => {
  const email = 'thief-again@example.com';
  const own = await member(email);
  const thief = browserAt(lyon);
  await enter(thief, email);
  const { id } = await world.customer(email);
  const [device] = await world.base.db
    .selectFrom('devices')
    .innerJoin('device_subjects', 'device', 'devices.id')
    .innerJoin('members', 'members.subject', 'device_subjects.subject')
    .select('cookie_hash')
    .where('customer', '=', id)
    .orderBy('device_subjects.first_seen', 'desc')
    .execute();
  const at = new Date();
  const row = { customer: id, cookie_hash: device?.cookie_hash ?? Buffer.alloc(32), created_at: at };
  await world.base.db
    .insertInto('remembered_devices')
    .values({ ...row, expires_at: new Date(at.getTime() + 86_400_000) })
    .execute();
  await own.submit(await own.open((await told(email))[0]?.link ?? ''), 'not-me');
  const left = await world.base.db
    .selectFrom('remembered_devices')
    .select('customer')
    .where('customer', '=', id)
    .execute();
  assert.equal(left.length, 0);
  await enter(thief, email);
  assert.equal((await told(email)).length, 2, 'they are told again');
});

test('“this was not me” works though the thief has changed the password', async () => {
  const email = 'locked-out@example.com';
  const own = await member(email);
  const thief = browserAt(sydney);
  await enter(thief, email);
  const form = await thief.open(`${world.url}/account/password`);
  await thief.submit(form, 'password', { current: password, password: 'stolen good password' });
  const page = await own.open((await told(email))[0]?.link ?? '');
  const done = await own.submit(page, 'not-me');
  assert.match(done.text, /That sign-in has ended/);
  assert.match((await thief.open(`${world.url}/account`)).url.pathname, /\/login$/);
  const choose = await own.follow(done, 'Choose a new password');
  await own.submit(choose, 'reset-password', { password: 'another good password' });
  assert.equal((await signIn(world, browserAt(sydney), email, 'stolen good password')).status, 403);
});

test('of twenty clicks at once one ends it', async () => {
  const email = 'clicks@example.com';
  const own = await member(email);
  await enter(browserAt(lyon), email);
  const page = await own.open((await told(email))[0]?.link ?? '');
  const answers = await Promise.all(Array.from({ length: 20 }, () => own.submit(page, 'not-me')));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array.from({ length: 19 }, () => 410)]);
});

test('security row 8: a ticket of another purpose, of nobody, or torn opens nothing', async () => {
  const email = 'tickets@example.com';
  await member(email);
  await enter(browserAt(lyon), email);
  const ticket = new URL((await told(email))[0]?.link ?? '').searchParams.get('ticket') ?? '';
  const browser = browserAt(lyon);
  for (const path of ['reset-password', 'unblock', 'email-verification']) {
    assert.equal((await browser.open(`${world.url}/u/${path}?ticket=${ticket}`)).status, 410, path);
  }
  for (const wrong of ['', 'x', ticket.slice(0, -1), `${ticket}x`]) {
    assert.equal((await browser.open(`${world.url}/u/not-me?ticket=${wrong}`)).status, 410, wrong);
  }
});
