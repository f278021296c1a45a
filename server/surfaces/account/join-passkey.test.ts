import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { type Authenticator, createAuthenticator } from '../../../test/authenticator.ts';
import { codeOf, secretOn } from '../../../test/authenticator-app.ts';
import type { Browser, Page } from '../../../test/http-browser.ts';
import { addPasskey, getOptionsOf } from '../../../test/passkey-steps.ts';
import { atNetwork, openWorld, signInWith, signUp, type World } from '../../../test/sign-in-world.ts';
import { factorsOf, waysIn } from '../../features/accounts/accounts.ts';
import { identitiesOf } from '../../features/customers/customers.ts';

// Joining an account that has a second factor by its passkey: it must be that account's, and the answer to this question.

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

const password = 'correct horse battery';
const step = '/account/join-passkey';
const refused = /This passkey does not open an account here/;
const tooLate = /That took too long/;

let people = 0;
/** An account that Google opens, with an app as its second factor and a passkey. */
async function guarded(traits = {}): Promise<{ id: string; customer: string; keys: Authenticator }> {
  people += 1;
  const id = `51000000000000${String(people).padStart(4, '0')}`;
  const email = `guarded${people}@gmail.com`;
  world.networks.google.people.add({ id, name: 'Vic Tim', givenName: 'Vic', familyName: 'Tim', email });
  const browser = world.browser();
  await signInWith(world, browser, 'google-oauth2', id);
  const keys = createAuthenticator(world.url, traits);
  assert.match((await addPasskey(world, browser, keys)).text, /opens your account/);
  const scan = await browser.submit(await browser.open(`${world.url}/account/factors`), 'factor-app');
  await browser.submit(scan, 'factor-app-confirm', { code: codeOf(secretOn(scan)) });
  return { id, customer: (await world.customer(email)).id, keys };
}

/** Somebody with an account of their own adds that network. */
async function asksToJoin(email: string, id: string): Promise<{ browser: Browser; page: Page }> {
  const browser = world.browser();
  await signUp(world, browser, email, password);
  return { browser, page: await askAgain(browser, id) };
}

async function askAgain(browser: Browser, id: string): Promise<Page> {
  const away = await browser.submit(await browser.open(`${world.url}/account/ways`), 'link', {}, 'google-oauth2');
  const page = await atNetwork(browser, away, id);
  assert.equal(page.url.pathname, '/account/join', page.text);
  return page;
}

/** What the script is told: it sends all of its form. */
async function optionsOn(browser: Browser, page: Page) {
  const { token = '', joining = '' } = page.forms.find(({ action }) => action === step)?.fields ?? {};
  const answer = await browser.send(new URL(`${step}-options`, page.url), {
    method: 'POST',
    headers: { origin: page.url.origin },
    body: new URLSearchParams({ token, joining }),
  });
  assert.equal(answer.status, 200);
  return JSON.parse(await answer.text());
}

const stillTwo = async (customer: string) => assert.equal((await identitiesOf(world.base.db, customer)).length, 1);

test('an account with a second factor is joined by its passkey, and the passkey opens both from then on', async () => {
  const { id, customer, keys } = await guarded({ counts: true });
  const { browser, page } = await asksToJoin('by-passkey@example.com', id);
  const options = await optionsOn(browser, page);
  assert.deepEqual(
    options.allowCredentials.map((one: { id: string }) => one.id),
    keys.kept.map((one) => one.id),
  );
  const joined = await browser.submit(page, step, { credential: keys.get(options) });
  assert.equal(joined.url.pathname, '/account/ways', joined.text);
  const one = await world.customer('by-passkey@example.com');
  assert.equal((await identitiesOf(world.base.db, one.id)).length, 2);
  const ways = await waysIn(world.base.db, one.id);
  assert.ok(
    ways.some((way) => way.kind === 'passkey' && way.lastUsedAt !== null),
    'its use was noted',
  );
  assert.deepEqual(
    (await factorsOf(world.base.db, one.id)).map(({ kind }) => kind),
    ['totp', 'recovery_codes'],
  );
  assert.notEqual(one.id, customer);
});

test('who has no passkey, or no second factor, is offered none', async () => {
  const id = '520000000000000001';
  const email = 'without@gmail.com';
  world.networks.google.people.add({ id, name: 'A Person', givenName: 'A', familyName: 'Person', email });
  const theirs = world.browser();
  await signInWith(world, theirs, 'google-oauth2', id);
  const { page } = await asksToJoin('offers-none@example.com', id);
  assert.doesNotMatch(page.html, /join-passkey|passkeys-[\w]+\.js/);
  const scan = await theirs.submit(await theirs.open(`${world.url}/account/factors`), 'factor-app');
  await theirs.submit(scan, 'factor-app-confirm', { code: codeOf(secretOn(scan)) });
  const again = await asksToJoin('offers-none-either@example.com', id);
  assert.doesNotMatch(again.page.html, /join-passkey/);
});

test('security row 5: a passkey of a third account, or of who asks, does not prove the other account', async () => {
  const { id, customer, keys } = await guarded();
  const third = await guarded();
  const { browser, page } = await asksToJoin('thief-of-keys@example.com', id);
  const own = createAuthenticator(world.url);
  assert.match((await addPasskey(world, browser, own)).text, /opens your account/);
  for (const foreign of [third.keys, own]) {
    const credential = foreign.get(await optionsOn(browser, page));
    assert.match((await browser.submit(page, step, { credential })).text, refused);
  }
  const lies = { userHandle: keys.kept[0]?.userHandle ?? '', credentialId: keys.kept[0]?.id ?? '' };
  const forged = own.get(await optionsOn(browser, page), lies);
  assert.match((await browser.submit(page, step, { credential: forged })).text, refused);
  for (const credential of ['', '{}', 'null']) {
    assert.match((await browser.submit(page, step, { credential })).text, refused);
  }
  await stillTwo(customer);
});

test('security row 5: an answer to anything else than this question proves nothing', async () => {
  const { id, customer, keys } = await guarded();
  const { browser, page } = await asksToJoin('asks-here@example.com', id);
  const elsewhere = await asksToJoin('asks-elsewhere@example.com', id);
  const before = await askAgain(browser, id);
  const forSignIn = await getOptionsOf(world.browser(), await world.browser().open(world.door())).catch(
    () => undefined,
  );
  assert.equal(forSignIn, undefined, 'the form of a browser that has not begun it gives none');
  const visitor = world.browser();
  const options = [
    await getOptionsOf(visitor, await visitor.open(world.door())),
    await optionsOn(elsewhere.browser, elsewhere.page),
    await optionsOn(browser, before),
  ];
  for (const one of options) {
    assert.match((await browser.submit(page, step, { credential: keys.get(one) })).text, tooLate);
  }
  await stillTwo(customer);
});

test('security row 5: an answer that was refused once, or came too late, is good for nothing any more', async () => {
  const { id, customer, keys } = await guarded();
  const { browser, page } = await asksToJoin('replays@example.com', id);
  const options = await optionsOn(browser, page);
  assert.match((await browser.submit(page, step, { credential: keys.get(options, { forged: true }) })).text, refused);
  assert.match((await browser.submit(page, step, { credential: keys.get(options) })).text, tooLate, 'taken with it');
  const late = keys.get(await optionsOn(browser, page));
  await sql`update passkey_challenges set expires_at = now() - interval '1 s'`.execute(world.base.db);
  assert.match((await browser.submit(page, step, { credential: late })).text, tooLate);
  await stillTwo(customer);

  const right = keys.get(await optionsOn(browser, page));
  assert.equal((await browser.submit(page, step, { credential: right })).url.pathname, '/account/ways');
  assert.equal((await browser.submit(page, step, { credential: right })).status, 400, 'and once');
});

test('security row 15: a copy of an authenticator whose counter stands still joins nothing', async () => {
  const { id, customer, keys } = await guarded({ counts: true });
  const { browser, page } = await asksToJoin('cloned@example.com', id);
  const credential = keys.get(await optionsOn(browser, page), { counter: 1 });
  assert.match((await browser.submit(page, step, { credential })).text, refused);
  await stillTwo(customer);
});
