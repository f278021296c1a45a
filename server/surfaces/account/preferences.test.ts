import assert from 'node:assert/strict';
import { after, before, mock, test } from 'node:test';
import { sql } from 'kysely';
import { askFor, publishNew } from '../../../test/consents.ts';
import type { Browser, Page } from '../../../test/http-browser.ts';
import { openWorld, signIn, signInWith, signUp } from '../../../test/sign-in-world.ts';
import { someoneWaits } from '../../../test/someone-waits.ts';
import { transact } from '../../base/db.ts';
import { brandBySlug } from '../../features/brands/brands.ts';
import {
  changeEntry,
  consentHistory,
  currentConsents,
  stateOf,
  withdrawWording,
} from '../../features/consents/consents.ts';

const world = await openWorld();
after(() => world.close());
const { base } = world;
const password = 'correct horse battery';
const address = `${world.url}/account/preferences`;
let lumiere: string;
let northtrail: string;
let news: string;
let sms: string;
let profiling: string;

before(async () => {
  lumiere = (await brandBySlug(base.db, 'lumiere'))?.id ?? '';
  northtrail = (await brandBySlug(base.db, 'northtrail'))?.id ?? '';
  const optional = { at_sign_up: false, in_journey: false } as const;
  const texts = (label: string) => ({ en: { label }, de: { label: `${label} (deutsch)` } });
  news = await askFor(base, {
    ...optional,
    brand: lumiere,
    purpose: 'email',
    topic: 'news',
    texts: texts('Mail {brand} news.'),
  });
  sms = await askFor(base, {
    ...optional,
    brand: lumiere,
    purpose: 'sms',
    double_opt_in: true,
    texts: texts('Text me.'),
  });
  profiling = await askFor(base, { ...optional, brand: null, purpose: 'profiling', texts: texts('Know me.') });
  await askFor(base, { ...optional, brand: northtrail, purpose: 'email', texts: texts('Mail about trails.') });
});

const state = async (email: string, purpose: 'email' | 'sms' | 'profiling', topic: string | null = null) => {
  const { id } = await world.customer(email);
  return stateOf(base.db, id, { brand: purpose === 'profiling' ? null : lumiere, purpose, topic });
};
async function open(email: string): Promise<Browser> {
  const browser = world.browser();
  await signUp(world, browser, email, password);
  return browser;
}
/** Presses the button of the one thing whose form holds this value. */
async function press(browser: Browser, page: Page, act: 'allow' | 'withdraw', value: string): Promise<Page> {
  const form = page.forms.find(
    (one) => one.action === `/account/preferences-${act}` && Object.values(one.fields).includes(value),
  );
  assert.ok(form, `no form to ${act} ${value}: ${page.text}`);
  return browser.submit({ ...page, forms: [form] }, `preferences-${act}`);
}

test('given and taken back with one click each, at any time; the history says it in plain words', async () => {
  const email = 'decides@example.com';
  const browser = await open(email);
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 11 * 60_000 });
  try {
    const page = await browser.open(address);
    assert.equal(page.url.pathname, '/account/preferences');
    assert.match(page.text, /Lumière Mail Lumière news\. Not allowed\..*All brands Know me\. Not allowed\./);
    assert.doesNotMatch(page.text, /trails/, 'a brand where they have never been');
    const allowed = await press(browser, page, 'allow', news);
    assert.match(allowed.text, /Saved: you have allowed it/);
    assert.match(allowed.text, /Mail Lumière news\. Allowed since/);
    assert.equal(await state(email, 'email', 'news'), 'given');
    const back = await press(browser, allowed, 'withdraw', 'news');
    assert.match(back.text, /Saved: it is off from now on/);
    assert.equal(await state(email, 'email', 'news'), 'withdrawn');
    const { id } = await world.customer(email);
    const rows = await consentHistory(base.db, id);
    assert.deepEqual(
      rows.map(({ given, source, portal, ip, wording, version }) => [given, source, portal, ip, wording, version]),
      [
        [false, 'account', 'account-lumiere', '127.0.0.1', 'Mail Lumière news.', '1'],
        [true, 'account', 'account-lumiere', '127.0.0.1', 'Mail Lumière news.', '1'],
      ],
    );
    assert.match(back.text, /Not allowed: Mail Lumière news\. .* · Lumière · on this page · version 1/);
    assert.match(back.text, /Allowed: Mail Lumière news\./);
    const { text: happened } = await browser.open(`${world.url}/account/activity`);
    assert.match(happened, /You took back: Messages by e-mail .* You allowed: Messages by e-mail/);
  } finally {
    mock.timers.reset();
  }
});

test('a form that comes again, or from another tab, is written once; old words are shown anew', async () => {
  const email = 'tabs@example.com';
  const browser = await open(email);
  const [one, two] = [await browser.open(address), await browser.open(address)];
  await Promise.all([press(browser, one, 'allow', news), press(browser, two, 'allow', news)]);
  const { id } = await world.customer(email);
  assert.equal((await consentHistory(base.db, id)).length, 1);
  await press(browser, await browser.open(address), 'withdraw', 'news');
  assert.equal((await consentHistory(base.db, id)).length, 2);

  await publishNew(base, news, { en: { label: 'Mail other news.' } });
  const old = await press(browser, one, 'allow', news);
  assert.equal(old.status, 409);
  assert.match(old.text, /The text has changed while you were reading.*Mail other news\./);
  assert.equal((await consentHistory(base.db, id)).length, 2, 'nobody agrees to words they did not see');
  await press(browser, old, 'allow', news);
  assert.equal(await state(email, 'email', 'news'), 'given');
  await publishNew(base, news, { en: { label: 'Mail even other news.' } });
  const outdated = await browser.open(address);
  assert.match(outdated.text, /Mail even other news\. Allowed since .*, in earlier words/);
  await press(browser, outdated, 'allow', news);
  assert.equal((await consentHistory(base.db, id))[0]?.version, '3');
});

test('a double opt-in says that it waits; taken back, its link is dead', async () => {
  const email = 'texts@example.com';
  const browser = await open(email);
  const waits = await press(browser, await browser.open(address), 'allow', sms);
  assert.match(waits.text, /Check your mail.*Text me\. Waiting for your click/);
  assert.equal(await state(email, 'sms'), 'pending');
  const data = await browser.open(`${world.url}/account/data`);
  assert.match(data.text, /Messages by SMS: Not yet \(it waits for your click on the link in the mail\)/);
  const { link } = await world.mail(email, 'confirm_consent');
  assert.match((await press(browser, waits, 'withdraw', 'sms')).text, /Text me\. Not allowed/);
  assert.match((await browser.open(`${world.url}/account/activity`)).text, /You took back: Messages by SMS/);
  assert.equal((await world.browser().open(link)).status, 410);
  await press(browser, await browser.open(address), 'allow', sms);
  const phone = world.browser();
  await phone.submit(await phone.open((await world.mail(email)).link), 'confirm-consent');
  assert.match((await browser.open(address)).text, /Text me\. Allowed since.*confirmed by the link mailed to texts@/);
});

test('mails of a double opt-in are bounded', async () => {
  const email = 'flood@example.com';
  const browser = await open(email);
  let page = await browser.open(address);
  for (let tries = 0; tries < 30 && page.status !== 429; tries += 1) page = await press(browser, page, 'allow', sms);
  assert.equal(page.status, 429);
  assert.ok((await world.mails(email)).length < 25);
});

test('what was allowed on the way to a network can be taken back, too', async () => {
  const browser = world.browser();
  const { facebook } = world.networks;
  facebook.people.add({
    id: '7001',
    name: 'Liking',
    givenName: 'Li',
    familyName: 'King',
    email: 'likes@example.com',
    likes: [{ id: '1', name: 'Roses', category: 'Plants', likedAt: '2026-01-01T00:00:00Z' }],
  });
  await signInWith(world, browser, 'facebook', '7001', { likes: 'yes' });
  const page = await browser.open(address);
  assert.match(page.text, /May Lumière also read the pages that you like at Facebook\?.*Allowed since/);
  assert.match(page.text, /before you went to a network/);
  const { likes } = (await world.customer('likes@example.com')).attributes;
  assert.ok(Array.isArray(likes) && likes.length > 0, 'they were read');
  await press(browser, page, 'withdraw', 'enrichment');
  assert.deepEqual((await world.customer('likes@example.com')).attributes.likes, [], 'and are gone with the consent');
  assert.doesNotMatch((await browser.open(address)).text, /Facebook\?[^A-Z]*Allowed since/);
});

test('who is too young cannot allow it, and what they allowed does not count', async () => {
  const email = 'young@example.com';
  const browser = await open(email);
  const page = await browser.open(address);
  await press(browser, page, 'allow', profiling);
  assert.equal(await state(email, 'profiling'), 'given');
  await changeEntry(base, profiling, { minimum_age: 16 });
  const { id } = await world.customer(email);
  const { update } = await import('../../features/customers/customers.ts');
  const birthdate = `${new Date().getUTCFullYear() - 15}-01-01`;
  await update(base.db, id, { root: { birthdate } }, { source: 'customer', origin: 'test', at: new Date() });
  assert.equal(await state(email, 'profiling'), 'under_age');
  assert.deepEqual(
    (await currentConsents(base.db, id)).map((one) => one.state),
    ['under_age'],
    'whoever reads all of them sees the same',
  );
  await press(browser, await browser.open(address), 'withdraw', 'profiling');
  const shown = await browser.open(address);
  assert.match(shown.text, /Know me\. Not allowed\./);
  assert.ok(!shown.forms.some(({ fields }) => fields.consent === profiling), 'there is no button');
  assert.equal((await press(browser, page, 'allow', profiling)).status, 403, 'and forcing it does nothing');
  assert.equal(await state(email, 'profiling'), 'withdrawn');
});

test('it speaks the customer’s language, and asks who is not signed in', async () => {
  const email = 'sprache@example.com';
  await open(email);
  const browser = world.browser({ 'accept-language': 'de' });
  const door = await browser.open(address);
  assert.match(door.url.pathname, /\/login$/);
  const page = await browser.submit(door, 'login', { username: email, password });
  assert.equal(page.url.href, address);
  assert.match(page.text, /Was Sie erlaubt haben.*Know me\. \(deutsch\) Nicht erlaubt\./);
});

test('security rows 6 and 16: forms need this session’s token and our origin, and change nobody else', async () => {
  const victim = await open('victim@example.com');
  const attacker = await open('attacker@example.com');
  const mine = await attacker.open(address);
  const { token = '', ...fields } = mine.forms.find(({ fields }) => fields.consent === news)?.fields ?? {};
  const post = (browser: Browser, body: Record<string, string>, origin = world.url) =>
    browser.send(`${world.url}/account/preferences-allow`, {
      method: 'POST',
      headers: { origin },
      body: new URLSearchParams(body),
    });
  assert.equal((await post(victim, { ...fields, token })).status, 403, 'another session’s token');
  assert.equal((await post(attacker, { ...fields, token }, 'https://evil.example')).status, 403);
  assert.equal((await post(attacker, fields)).status, 403);
  const odd = [
    { ...fields, consent: 'x' },
    { ...fields, brand: northtrail },
    { ...fields, version: '../1' },
    { ...fields, language: 'xx' },
    {},
  ];
  for (const body of odd) assert.equal((await post(attacker, { ...body, token })).status, 409, JSON.stringify(body));
  assert.equal(await state('victim@example.com', 'email', 'news'), undefined);
  assert.equal(await state('attacker@example.com', 'email', 'news'), undefined);
});

test('after both brands were visited, both are there', async () => {
  const email = 'both@example.com';
  const browser = await open(email);
  await signIn(world, world.browser(), email, password, 'northtrail');
  const page = await browser.open(address);
  assert.match(page.text, /Lumière .*Northtrail Mail about trails\./);
});

test('words are not withdrawn while a yes to them is being written here', async () => {
  const email = 'mid-yes@example.com';
  const texts = { en: { label: 'Tell my friends.' } };
  const asked = { brand: null, purpose: 'referral', at_sign_up: false, in_journey: false } as const;
  const friends = await askFor(base, { ...asked, texts });
  await base.settings.refresh();
  const browser = await open(email);
  const page = await browser.open(address);
  const later = await transact(base.db, async (tx) => {
    // The yes has read the words, and waits here to be written.
    await sql`lock table consents in share mode`.execute(tx);
    const allowing = press(browser, page, 'allow', friends);
    await someoneWaits(base.db);
    const withdrawing = withdrawWording(base, friends, '1');
    await someoneWaits(base.db, 2);
    return { allowing, withdrawing };
  });
  assert.match((await later.allowing).text, /Saved: you have allowed it/);
  await later.withdrawing;
  const [row] = await consentHistory(base.db, (await world.customer(email)).id);
  assert.partialDeepStrictEqual(row, { given: true, wording: 'Tell my friends.', version: '1' });
});
