import assert from 'node:assert/strict';
import { after, mock, test } from 'node:test';
import type { Browser, Page } from '../../../test/http-browser.ts';
import { openWorld, signIn, signUp } from '../../../test/sign-in-world.ts';
import { erasures } from '../../customer-data.ts';
import { eraseDue } from '../../features/accounts/accounts.ts';
import { explain, findById, timelineOf } from '../../features/customers/customers.ts';
import { endSessions } from '../oidc/oidc.ts';

const world = await openWorld();
after(() => world.close());
const { db } = world.base;
const password = 'correct horse battery';
const account = `${world.url}/account`;
const atShop = (page: Page) => page.url.origin === 'http://lumiere.example';

async function open(email: string): Promise<Browser> {
  const browser = world.browser();
  assert.ok(atShop(await signUp(world, browser, email, password)));
  return browser;
}
async function ask(browser: Browser): Promise<Page> {
  return browser.submit(await browser.open(`${account}/erase`), 'erase');
}
const inDays = async <T>(days: number, act: () => Promise<T>): Promise<T> => {
  mock.timers.enable({ apis: ['Date'], now: Date.now() + days * 86_400_000 });
  try {
    return await act();
  } finally {
    mock.timers.reset();
  }
};
const carryOut = () => eraseDue(world.base, { endSessions, others: erasures });

test('erase me: explained, then signed out everywhere, with a mail that names the day', async () => {
  const email = 'leaver@example.com';
  const browser = await open(email);
  const elsewhere = world.browser();
  const { body } = await world.tokens(await signIn(world, elsewhere, email, password));
  const page = await browser.open(`${account}/erase`);
  assert.match(page.text, /In 14 days, on \d+ \w+ \d{4}/);
  assert.match(page.text, /What goes .* What stays .* When/);
  const asked = await browser.submit(page, 'erase');
  assert.match(asked.text, /Your account will be erased/);
  assert.match((await world.mail(email, 'erasure_asked')).text, /It will be done on \d+ \w+ \d{4}/);
  for (const one of [browser, elsewhere]) assert.match((await one.open(account)).url.pathname, /\/login$/);
  const refreshed = await world.token({ grant_type: 'refresh_token', refresh_token: String(body.refresh_token) });
  assert.equal(refreshed.status, 403);
  const told = await fetch(`${world.url}/userinfo`, { headers: { authorization: `Bearer ${body.access_token}` } });
  assert.equal(told.status, 401);
});

test('who comes back is asked, learns nothing and keeps the account', async () => {
  const email = 'returner@example.com';
  const browser = await open(email);
  await ask(browser);
  const { id, logins_count } = await world.customer(email);
  const facts = (await explain(db, id)).length;
  const keep = await signIn(world, browser, email, password);
  assert.match(keep.url.pathname, /\/keep$/);
  assert.match(keep.text, /You asked us to erase your account\. It will be erased on \d+ \w+ \d{4}/);
  const held = await findById(db, id);
  assert.deepEqual([held?.logins_count, (await explain(db, id)).length], [logins_count, facts]);
  const back = await browser.submit(keep, 'keep');
  assert.ok(atShop(back), back.text);
  assert.ok((await world.tokens(back)).claims.sub);
  assert.equal((await findById(db, id))?.erase_at, null);
  assert.equal((await world.mail(email, 'erasure_undone')).kind, 'erasure_undone');
  const { entries } = await timelineOf(db, id, { perPage: 50 });
  for (const name of ['erasure_asked', 'erasure_undone'])
    assert.ok(
      entries.some((one) => one.name === name),
      name,
    );
  await inDays(15, carryOut);
  assert.ok(await findById(db, id), 'and is not erased later');
});

test('who leaves it so is told, is not signed in, and is erased when the day has come', async () => {
  const email = 'stays-gone@example.com';
  const browser = await open(email);
  await ask(browser);
  const { id } = await world.customer(email);
  const left = await browser.submit(await signIn(world, browser, email, password), 'leave');
  assert.match(left.text, /Your account will be erased, as you asked/);
  assert.match((await browser.follow(left, 'another account')).url.pathname, /\/login$/);
  assert.match((await browser.open(account)).url.pathname, /\/login$/);
  await inDays(13, carryOut);
  assert.ok(await findById(db, id));
  await inDays(14.1, carryOut);
  assert.equal(await findById(db, id), undefined);
  assert.equal((await world.mail(email)).kind, 'erased');
  await inDays(14.1, carryOut);
  assert.equal((await world.mails(email)).filter(({ kind }) => kind === 'erased').length, 1, 'once');
});

test('download my data: one JSON of everything, no secret, told by mail; a page to read it', async () => {
  const email = 'reader@example.com';
  const browser = await open(email);
  const page = await browser.open(`${account}/data`);
  assert.match(page.text, /E-mail address: reader@example\.com You told us/);
  assert.match(page.text, /Lumière First on .* Sign-ins: 1/);
  const file = await browser.submit(page, 'download');
  assert.match(
    file.headers.get('content-disposition') ?? '',
    /^attachment; filename="regulars-\d{4}-\d\d-\d\d\.json"$/,
  );
  const all: unknown = JSON.parse(file.html);
  const names = [
    'customer',
    'facts',
    'identities',
    'ways_in',
    'consents',
    'devices',
    'sessions',
    'timeline',
    'mails',
    'merges',
  ];
  for (const name of names) assert.ok(Object.hasOwn(Object(all), name), name);
  assert.equal(Object(all).customer.email, email);
  assert.ok(Object(all).timeline.length >= 3 && Object(all).facts.length >= 1 && Object(all).mails.length >= 1);
  assert.doesNotMatch(file.html, /argon2|secret|cookie|hash|\b\d{6}\b/);
  assert.equal((await world.mail(email, 'data_downloaded')).kind, 'data_downloaded');
});

test('downloads over and over are one mail; one from another session is told, and so is one ten minutes later', async () => {
  const email = 'loops@example.com';
  const browser = await open(email);
  const told = async () => (await world.mails(email)).filter(({ kind }) => kind === 'data_downloaded').length;
  const page = await browser.open(`${account}/data`);
  await Promise.all([1, 2, 3, 4, 5].map(() => browser.submit(page, 'download')));
  assert.equal(await told(), 1);
  const thief = world.browser();
  await signIn(world, thief, email, password);
  await thief.submit(await thief.open(`${account}/data`), 'download');
  assert.equal(await told(), 2);
  const { entries } = await timelineOf(db, (await world.customer(email)).id, { perPage: 50 });
  assert.equal(entries.filter(({ name }) => name === 'data_downloaded').length, 6, 'each is a row');
  await inDays(11 / 1440, async () => {
    const proven = await thief.submit(await thief.open(`${account}/data`), 'login', { username: email, password });
    await thief.submit(proven, 'download');
  });
  assert.equal(await told(), 3);
});
