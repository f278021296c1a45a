import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { NetworkName } from '../../demo/networks/networks.ts';
import { brandDrafts } from '../../demo/umbrella/brands.ts';
import { languages } from '../../server/base/languages.ts';
import { findByUserId, visitsOf } from '../../server/features/customers/customers.ts';
import { assertAccessible, visitor } from '../browser.ts';
import { arrive, beAtNetwork, countInput, knock, type Meridian, openMeridian, readCode, toFacts } from './meridian.ts';

const continues = { en: 'Continue', de: 'Weiter', es: 'Continuar', fr: 'Continuer' } as const;
let meridian: Meridian;
before(async () => {
  meridian = await openMeridian();
});
after(() => meridian.close());

type Newcomer = {
  network: NetworkName;
  connection: string;
  name: string;
  birthdate?: string;
  likes?: number;
  emailVerified?: boolean;
};

const newcomers: readonly Newcomer[] = [
  {
    network: 'google',
    connection: 'google-oauth2',
    name: 'Sofia Marchetti',
    birthdate: '1991-04-18',
    emailVerified: true,
  },
  { network: 'facebook', connection: 'facebook', name: 'Mia Johansson', birthdate: '0000-07-02', likes: 28 },
  { network: 'apple', connection: 'apple', name: 'Kenji Tanaka', emailVerified: true },
  { network: 'x', connection: 'twitter', name: 'Noah Okafor' },
  { network: 'github', connection: 'github', name: 'Jonas Weber', emailVerified: false },
];

for (const newcomer of newcomers) {
  const { network, connection, name } = newcomer;
  test(`a new customer by ${network}: both brands, one profile; the next time one click and no key`, async () => {
    const { context, page } = await visitor(meridian.browser);
    const input = await countInput(context, meridian);
    await knock(page, meridian);
    await page.locator(`button[value=${connection}]`).click();
    if (network === 'facebook') await page.getByRole('button', { name: 'Yes, read my likes' }).click();
    await beAtNetwork(page, meridian, network, name);
    const userId = await arrive(page, meridian);

    // Signed in already: at the other brand one click says yes to it.
    Object.assign(input, { clicks: 0, keys: 0 });
    await knock(page, meridian, 'northtrail');
    await page.getByRole('button', { name: 'Continue' }).click();
    assert.equal(await arrive(page, meridian, 'northtrail'), userId);
    assert.deepEqual(input, { clicks: 1, keys: 0 });

    // Signed out here, but not at the network: one click again, and the page knows which.
    await page.locator('#sign-out').click();
    await page.locator('#sign-in').waitFor();
    Object.assign(input, { clicks: 0, keys: 0 });
    await knock(page, meridian);
    const button = page.locator(`button[value=${connection}]`);
    assert.match((await button.textContent()) ?? '', /Last time/);
    await button.click();
    assert.equal(await arrive(page, meridian), userId);
    assert.deepEqual(input, { clicks: 1, keys: 0 });
    await context.close();
    await checkProfile(userId, newcomer);
  });
}

/** What the Management API tells of the newcomer. */
async function checkProfile(userId: string, newcomer: Newcomer): Promise<void> {
  const { connection, name, birthdate, likes, emailVerified } = newcomer;
  const user = await meridian.manage('GET', `users/${encodeURIComponent(userId)}`);
  assert.partialDeepStrictEqual(user, { user_id: userId, name, logins_count: 3 });
  assert.equal(user.birthdate, birthdate);
  assert.equal(user.email === undefined ? undefined : user.email_verified, emailVerified);
  assert.partialDeepStrictEqual(user, { identities: [{ connection, isSocial: true }] });
  const { items } = await meridian.manage('GET', `users/${encodeURIComponent(userId)}/facts`);
  const facts = toFacts(items);
  // The demo's rules tell something of their own.
  const ofNetwork = facts.filter(({ source }) => source !== 'rule');
  for (const fact of ofNetwork) assert.deepEqual([fact.source, fact.origin], ['network', connection]);
  const liked = facts.find((fact) => fact.path === 'likes')?.value;
  assert.equal(Array.isArray(liked) ? liked.length : undefined, likes);
  assert.equal(facts.find((fact) => fact.path === 'birthdate')?.value, birthdate);
  await checkVisits(userId, [2, 1]);
}

/** First and last visit at both brands, this many times. */
async function checkVisits(userId: string, counts: readonly [lumiere: number, northtrail: number]): Promise<void> {
  const customer = await findByUserId(meridian.base.db, userId);
  assert.ok(customer);
  const visits = await visitsOf(meridian.base.db, customer.id);
  assert.deepEqual(new Set(visits.map((visit) => visit.count)), new Set(counts));
  assert.equal(visits.length, 2);
}

test('a new customer by password and mailed code: both brands, one profile', async () => {
  const { context, page } = await visitor(meridian.browser);
  const email = 'rosa.klein@example.com';
  await knock(page, meridian, 'northtrail');
  await page.getByRole('link', { name: 'Create an account' }).click();
  await page.locator('#username').fill(email);
  await page.locator('#password').fill('rain on the tent');
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.locator('#code').waitFor();
  const { items: nobody } = await meridian.manage('GET', `users-by-email?email=${email}`);
  assert.deepEqual(nobody, [], 'nothing exists before the code');
  await page.locator('#code').fill(await readCode(context, meridian));
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  const userId = await arrive(page, meridian, 'northtrail');
  await knock(page, meridian);
  await page.getByRole('button', { name: 'Continue' }).click();
  assert.equal(await arrive(page, meridian), userId);

  await page.locator('#sign-out').click();
  await page.locator('#sign-in').click();
  await page.locator('#username').fill('  Rosa.Klein@EXAMPLE.com ');
  await page.locator('#password').fill('rain on the tent');
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  assert.equal(await arrive(page, meridian), userId);
  await context.close();

  const user = await meridian.manage('GET', `users/${encodeURIComponent(userId)}`);
  const connection = 'Username-Password-Authentication';
  assert.partialDeepStrictEqual(user, { email, email_verified: true, logins_count: 3, identities: [{ connection }] });
  const { items } = await meridian.manage('GET', `users/${encodeURIComponent(userId)}/facts`);
  assert.partialDeepStrictEqual(toFacts(items), [{ path: 'email', value: email, source: 'customer', wins: true }]);
  await checkVisits(userId, [2, 1]);
});

test('likes are not read without a yes, and the sign-in goes on', async () => {
  const { context, page } = await visitor(meridian.browser);
  await knock(page, meridian);
  await page.locator('button[value=facebook]').click();
  const asked = (await page.locator('main').textContent()) ?? '';
  assert.match(asked, /pages that you like at Facebook/);
  await page.getByRole('button', { name: 'Continue without' }).click();
  await beAtNetwork(page, meridian, 'facebook', 'Noah Okafor');
  const userId = await arrive(page, meridian);
  await context.close();
  const { items } = await meridian.manage('GET', `users/${encodeURIComponent(userId)}/facts`);
  assert.ok(!toFacts(items).some((fact) => fact.path === 'likes'));
});

for (const [slug, primary] of [
  ['lumiere', 'rgb(122, 46, 77)'],
  ['northtrail', 'rgb(31, 77, 58)'],
] as const) {
  test(`pages and mails of ${slug} wear its clothes`, async () => {
    const { context, page } = await visitor(meridian.browser);
    const { name } = brandDrafts[slug];
    await knock(page, meridian, slug);
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    assert.ok((await page.title()).endsWith(` · ${name}`));
    await page.getByRole('img', { name }).waitFor();
    assert.ok(
      Number(await page.evaluate("document.querySelector('.brand-logo').naturalWidth")) > 0,
      'the logo is shown',
    );
    const ground = "getComputedStyle(document.querySelector('form[action=login] .button')).backgroundColor";
    assert.equal(await page.evaluate(ground), primary);
    await page.emulateMedia({ colorScheme: 'dark' });
    await assertAccessible(page);
    await page.emulateMedia({ colorScheme: null });
    await page.getByRole('link', { name: 'E-mail me a code instead' }).click();
    await page.locator('#username').fill(`somebody.at.${slug}@example.com`);
    await page.getByRole('button', { name: 'Send the code' }).click();
    await page.locator('#code').waitFor();
    await page.goto(meridian.places.outbox);
    assert.match((await page.locator('article').textContent()) ?? '', new RegExp(`From${name}`));
    const mail = page.frameLocator('iframe').getByText(name).first();
    await mail.waitFor();
    await context.close();
  });
}

for (const language of languages) {
  test(`the pages speak ${language}: by what the portal asks, else by what the browser asks`, async () => {
    const { context, page } = await visitor(meridian.browser, { locale: language });
    const title = brandDrafts.lumiere.texts?.[language]?.['login.title'] ?? '';
    await knock(page, meridian);
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    const other = language === 'de' ? 'fr' : 'de';
    await page.goto(`${meridian.places.shops.lumiere}/sign-in?language=${other}`);
    assert.equal(await page.locator('html').getAttribute('lang'), other);
    await page.goto(`${meridian.places.shops.northtrail}/sign-in?language=${language}`);
    assert.equal(await page.locator('html').getAttribute('lang'), language);
    await page.getByRole('button', { name: continues[language], exact: true }).waitFor();
    await assertAccessible(page);
    await context.close();
  });
}

test('nothing went wrong unseen', () => {
  assert.deepEqual(meridian.logged, []);
});
