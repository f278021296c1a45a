// A yes comes after the rules of its sign-in: those of the library that needed it run then, for the same sign-in.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { writeMmdb } from '../../../demo/arrivals/mmdb.ts';
import { likePages } from '../../../demo/networks/liked-pages.ts';
import { box } from '../../../test/consent-scene.ts';
import { askFor } from '../../../test/consents.ts';
import type { Page } from '../../../test/http-browser.ts';
import { openRuleScene, type RuleScene } from '../../../test/rule-scene.ts';
import { atNetwork, signInWith } from '../../../test/sign-in-world.ts';
import { customersByEmail, explain, timelineOf } from '../../features/customers/customers.ts';

let scene: RuleScene;
let folder: string;
let profiling: string;
let terms: string;
let person = 30_000_000_000;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regulars-catch-up-'));
  const places = join(folder, 'places.mmdb');
  await writeMmdb(places, { '81.2.69.0/24': { country: 'FR', city: 'Lyon', latitude: 45.75, longitude: 4.85 } });
  scene = await openRuleScene({ REGULARS_GEOIP: places, REGULARS_TRUSTED_PROXIES: '127.0.0.1,::1' });
  const texts = (label: string) => ({ en: { label } });
  profiling = await askFor(scene.base, { brand: null, purpose: 'profiling', texts: texts('Get to know me.') });
  terms = await askFor(scene.base, { brand: null, purpose: 'terms', texts: texts('I accept the terms.') });
});
after(async () => {
  await scene.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => scene.noRules());

const inLyon = () => scene.browser({ 'x-forwarded-for': '81.2.69.7' });

function newPerson(email: string): string {
  const id = String(++person);
  const birthday = { year: 1990, month: 2, day: 28 };
  const likes = likePages(0, 60);
  scene.networks.facebook.people.add({ id, name: 'Ada', givenName: 'Ada', familyName: 'Low', email, birthday, likes });
  return id;
}

/** Somebody new, by way of a campaign, until the page that asks. */
async function comesByFacebook(email: string): Promise<{ asked: Page; browser: ReturnType<typeof inLyon> }> {
  const id = newPerson(email);
  const browser = inLyon();
  const door = await browser.open(scene.door('lumiere', { utm_source: 'letter' }));
  const connect = await browser.submit(door, 'network', {}, 'facebook');
  const away = await browser.submit(connect, 'connect', {}, 'no');
  return { browser, asked: await atNetwork(browser, away, id) };
}

async function rulesOfLibrary(...libraries: readonly string[]): Promise<void> {
  for (const library of libraries) await scene.api('POST', '/rules/library', { library, settings: {} });
}

async function learned(email: string): Promise<Record<string, unknown>> {
  const [customer] = await customersByEmail(scene.base.db, email);
  const facts = await explain(scene.base.db, customer?.id ?? '');
  return Object.fromEntries(facts.filter(({ source }) => source === 'rule').map(({ path, value }) => [path, value]));
}

test('what a newcomer allows after the sign-in counts for this sign-in: place, month, first source', async () => {
  await rulesOfLibrary('place', 'birthday', 'first-source');
  const { asked, browser } = await comesByFacebook('allows@example.com');
  assert.deepEqual(await learned('allows@example.com'), {});
  const back = await browser.submit(asked, 'consent', { ...box(profiling), ...box(terms) });
  assert.equal(back.url.origin, 'http://lumiere.example', back.text);
  assert.partialDeepStrictEqual(await learned('allows@example.com'), {
    'app_metadata.city': 'Lyon',
    'app_metadata.birthday_month': 2,
    'app_metadata.first_source': { utm_source: 'letter', connection: 'facebook' },
  });
});

test('a no to it leaves them alone, whatever else was allowed', async () => {
  await rulesOfLibrary('place');
  const { asked, browser } = await comesByFacebook('refuses@example.com');
  const back = await browser.submit(asked, 'consent', box(terms));
  assert.equal(back.url.origin, 'http://lumiere.example', back.text);
  assert.deepEqual(await learned('refuses@example.com'), {});
});

test('nothing else runs once more: not the umbrella’s own rules, nor those that needed no consent', async () => {
  const own = await scene.rule(
    `function (user, context, callback) { console.log('once'); callback(null, user, context); }`,
  );
  await rulesOfLibrary('names', 'place');
  const { asked, browser } = await comesByFacebook('once@example.com');
  await browser.submit(asked, 'consent', { ...box(profiling), ...box(terms) });
  const running = await scene.api('GET', '/rules/running');
  assert.ok(Array.isArray(running.rules));
  assert.deepEqual(
    running.rules.map(({ last_hour }) => last_hour.runs),
    [1, 1, 1],
  );
  const lines = Object.values(await scene.api('GET', `/rules/log?rule=${own}`));
  assert.equal(lines.length, 1);
});

test('a yes on the way to a network that somebody known gives: their interests are there at once', async () => {
  await rulesOfLibrary('interests');
  const email = 'fan@example.com';
  const { asked, browser } = await comesByFacebook(email);
  await browser.submit(asked, 'consent', {});
  assert.deepEqual(await learned(email), {});
  await signInWith(scene, inLyon(), 'facebook', String(person), { likes: 'yes' });
  const { 'app_metadata.interests': interests } = await learned(email);
  assert.ok(Array.isArray(interests) && interests.length > 0);
});

test('the timeline says what a rule changed, not what the network had told: nothing at all the second time', async () => {
  await rulesOfLibrary('names');
  const email = 'tidy@example.com';
  const { asked, browser } = await comesByFacebook(email);
  await browser.submit(asked, 'consent', box(terms));
  await signInWith(scene, inLyon(), 'facebook', String(person));
  assert.ok('given_name' in (await learned(email)), 'kept as a fact that does not win');
  const [customer] = await customersByEmail(scene.base.db, email);
  const page = { perPage: 10, names: ['profile_changed'] };
  const { entries } = await timelineOf(scene.base.db, customer?.id ?? '', page);
  assert.deepEqual(
    entries.map(({ data }) => data),
    [{ by: 'library:names', paths: ['app_metadata.tidy_name'] }],
  );
});

test('a rule that fails there costs nobody the sign-in', async () => {
  await rulesOfLibrary('place');
  const { asked, browser } = await comesByFacebook('fails@example.com');
  const { base } = scene;
  const { geo } = base;
  Object.assign(base, { geo: { ...geo, detailsOf: () => ({ country: 'FR', city: 'x'.repeat(600_000) }) } });
  const back = await browser.submit(asked, 'consent', { ...box(profiling), ...box(terms) });
  Object.assign(base, { geo });
  assert.equal(back.url.origin, 'http://lumiere.example', back.text);
  const { claims } = await scene.tokens(back);
  assert.equal(claims.name, 'Ada');
});
