import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from '../../../test/http-browser.ts';
import { signIn, signInWith, signUp } from '../../../test/sign-in-world.ts';
import { openTextScene } from '../../../test/text-scene.ts';
import { createAccount, waysIn } from '../../features/accounts/accounts.ts';
import { defaultPasswordConnection } from '../../features/connections/connections.ts';
import { findById, knownOf, markOfNothing, proofsOf } from '../../features/customers/customers.ts';

// Addresses and numbers on the account pages, also of those who have no password here.

let scene: Awaited<ReturnType<typeof openTextScene>>;
before(async () => {
  scene = await openTextScene();
});
after(() => scene.close());

const password = 'correct horse battery';
const account = () => `${scene.world.url}/account`;
const atShop = (page: Page) => page.url.origin === 'http://lumiere.example';
const look = (browser: Browser, path: string) => browser.open(`${account()}/known/value?path=${path}`);

let people = 0;
/** Somebody who came by a network that vouches for no address, and their browser. */
async function fan(email: string): Promise<{ browser: Browser; person: string; customer: string }> {
  people += 1;
  const person = `2300000000${people}`;
  scene.world.networks.facebook.people.add({ id: person, name: 'A Fan', givenName: 'A', familyName: 'Fan', email });
  const browser = scene.world.browser();
  await signInWith(scene.world, browser, 'facebook', person);
  return { browser, person, customer: (await scene.world.customer(email)).id };
}
/** What stands in the forms about this value now, of somebody who looks at it. */
async function markAt(customer: string, path: string): Promise<string> {
  const { known } = await knownOf(scene.world.base.db, customer);
  return known.find((one) => one.path === path)?.mark ?? assert.fail(`nothing is known at ${path}`);
}
/** Sends a form of the account that no page of theirs has, with the token that all of them carry. */
async function post(browser: Browser, act: string, fields: Record<string, string>): Promise<Response> {
  const token = /name="token" value="([^"]+)"/.exec((await look(browser, 'given_name')).html)?.[1] ?? '';
  const body = new URLSearchParams({ token, ...fields });
  return browser.send(`${account()}/${act}`, { method: 'POST', body, headers: { origin: scene.world.url } });
}
const emailOf = async (customer: string) => (await findById(scene.world.base.db, customer))?.email;

test('an address that only a network told is deleted, and no later sign-in brings it back', async () => {
  const { browser, person, customer } = await fan('told-wrongly@example.com');
  const page = await look(browser, 'email');
  assert.match(page.text, /told-wrongly@example\.com Facebook told us/);
  assert.match((await browser.submit(page, 'withdraw')).text, /deleted/);
  assert.equal(await emailOf(customer), null);
  await signInWith(scene.world, scene.world.browser(), 'facebook', person);
  assert.equal(await emailOf(customer), null);
});

test('it is said to be not theirs: the very same is not taken again, another one is', async () => {
  const { browser, person, customer } = await fan('not-mine@example.com');
  await browser.submit(await look(browser, 'email'), 'exclude');
  assert.equal(await emailOf(customer), null);
  await signInWith(scene.world, scene.world.browser(), 'facebook', person);
  assert.equal(await emailOf(customer), null);
});

test('security row 3: a proven address that is deleted opens nothing any more', async () => {
  const { world } = scene;
  const email = 'was-mine@gmail.com';
  world.networks.google.people.add({
    id: '500000000000007771',
    name: 'Was Mine',
    givenName: 'Was',
    familyName: 'M',
    email,
  });
  const browser = world.browser();
  await signInWith(world, browser, 'google-oauth2', '500000000000007771');
  const { id } = await world.customer(email);
  await browser.submit(await look(browser, 'email'), 'withdraw');
  assert.deepEqual(await proofsOf(world.base.db, id), []);
  assert.deepEqual(
    (await waysIn(world.base.db, id)).map(({ kind }) => kind),
    ['network'],
  );
});

test('an address that signs in cannot be taken away, whatever is sent', async () => {
  const { world } = scene;
  const browser = world.browser();
  await signUp(world, browser, 'signs-in@example.com', password);
  const page = await look(browser, 'email');
  assert.match(page.html, /href="\/account\/email"/);
  const customer = await world.customer('signs-in@example.com');
  for (const [act, more] of Object.entries({ withdraw: {}, exclude: {}, correct: { value: 'x@example.com' } })) {
    const answer = await post(browser, act, { path: 'email', seen: await markAt(customer.id, 'email'), ...more });
    assert.equal(answer.status, 403, act);
    assert.match(await answer.text(), /This is not allowed here/, act);
  }
  assert.equal(await emailOf(customer.id), 'signs-in@example.com');
});

test('security row 17: no address, number or user name is written by hand, whatever is sent', async () => {
  const { world } = scene;
  const { browser, customer } = await fan('by-hand@example.com');
  for (const path of ['email', 'phone_number']) {
    const { mark: seen = '' } = (await knownOf(world.base.db, customer)).known.find((one) => one.path === path) ?? {
      mark: markOfNothing,
    };
    const answer = await post(browser, 'correct', { path, seen, value: 'mine@example.com' });
    assert.equal(answer.status, 403, path);
  }
  const person = await findById(world.base.db, customer);
  assert.deepEqual([person?.email, person?.phone_number], ['by-hand@example.com', null]);

  const named = await createAccount(world.base, world.base.db, {
    connection: defaultPasswordConnection,
    username: 'named_so',
    password,
    emailVerified: false,
    facts: [{ path: 'username', value: 'named_so', source: 'umbrella', origin: 'api', at: new Date() }],
    origin: 'api',
  });
  const theirs = world.browser();
  assert.ok(atShop(await signIn(world, theirs, 'named_so', password)));
  for (const [act, more] of Object.entries({ withdraw: {}, exclude: {}, correct: { value: 'administrator' } })) {
    const seen = await markAt(named.customer.id, 'username');
    assert.equal((await post(theirs, act, { path: 'username', seen, ...more })).status, 403, act);
  }
  assert.equal((await findById(world.base.db, named.customer.id))?.username, 'named_so');
});

test('who came by a network adds an address by its code, and signs in by it as the same customer', async () => {
  const { world } = scene;
  const { browser, customer } = await fan('facebook-says@example.com');
  const form = await browser.follow(await browser.open(`${account()}/ways`), 'Change the address');
  const verify = await browser.submit(form, 'email', { username: 'really-mine@example.com' });
  assert.equal((await world.mail('facebook-says@example.com')).kind, 'email_change_asked');
  const wrong = await browser.submit(verify, 'verify', {
    code: scene.another((await world.mail('really-mine@example.com')).code),
  });
  assert.equal(await emailOf(customer), 'facebook-says@example.com', 'not before the code');
  const done = await browser.submit(wrong, 'verify', { code: (await world.mail('really-mine@example.com')).code });
  assert.match(done.text, /Your new address is saved/);
  assert.match(done.text, /really-mine@example\.com confirmed/);
  const first = await browser.submit(await browser.follow(done, 'Set a password'), 'password', { password });
  assert.match(first.text, /Your password is saved/);
  const { claims } = await world.tokens(await signIn(world, world.browser(), 'really-mine@example.com', password));
  assert.equal(claims.sub, (await findById(world.base.db, customer))?.user_id);
  assert.deepEqual([claims.email, claims.email_verified], ['really-mine@example.com', true]);
  const again = await browser.open(`${account()}/email`);
  const moved = await browser.submit(again, 'email', { username: 'moved-on@example.com' });
  await browser.submit(moved, 'verify', { code: (await world.mail('moved-on@example.com')).code });
  assert.equal(await emailOf(customer), 'moved-on@example.com');
  assert.equal((await signIn(world, world.browser(), 'really-mine@example.com', password)).status, 403);
});

test('security row 5: nobody adds the address of another account, and who has no address tells so only after its code', async () => {
  const { world } = scene;
  await signUp(world, world.browser(), 'of-another@example.com', password);
  const { browser, customer } = await fan('adds-another@example.com');
  const verify = await browser.submit(await browser.open(`${account()}/email`), 'email', {
    username: 'of-another@example.com',
  });
  assert.match(verify.url.pathname, /\/verify$/);
  const refused = await browser.submit(verify, 'verify', { code: (await world.mail('of-another@example.com')).code });
  assert.match(refused.text, /already in use by another account/);
  assert.equal(await emailOf(customer), 'adds-another@example.com');
});

test('an account with a user name alone gets its address by a code', async () => {
  const { world } = scene;
  const { customer } = await createAccount(world.base, world.base.db, {
    connection: defaultPasswordConnection,
    username: 'named_only',
    password,
    emailVerified: false,
    facts: [],
    origin: 'api',
  });
  const browser = world.browser();
  assert.ok(atShop(await signIn(world, browser, 'named_only', password)));
  const form = await browser.follow(await browser.open(`${account()}/ways`), 'Add an address');
  assert.match(form.text, /Add an e.mail address/);
  const verify = await browser.submit(form, 'email', { username: 'named-only@example.com' });
  const done = await browser.submit(verify, 'verify', { code: (await world.mail('named-only@example.com')).code });
  assert.match(done.text, /named-only@example\.com confirmed/);
  assert.ok(atShop(await signIn(world, world.browser(), 'named-only@example.com', password)));
  assert.ok(atShop(await signIn(world, world.browser(), 'named_only', password)), 'the user name stays');
  assert.equal((await waysIn(world.base.db, customer.id)).filter(({ kind }) => kind === 'code').length, 1);
});

test('a number is added and changed by a code sent to it; the old one opens nothing any more', async () => {
  const { world } = scene;
  await scene.carry(false);
  const browser = world.browser();
  const email = 'has-phones@example.com';
  await signUp(world, browser, email, password);
  assert.doesNotMatch((await browser.open(`${account()}/ways`)).text, /phone number/, 'nobody carries messages');
  await scene.carry(true);
  const [one, two] = ['+4915111110001', '+4915111110002'];
  const { id } = await world.customer(email);
  const numbers = async () =>
    (await proofsOf(world.base.db, id)).flatMap(({ kind, address }) => (kind === 'phone' ? address : []));
  const set = async (from: string, phone: string) => {
    const form = await browser.follow(await browser.open(`${account()}/ways`), from);
    const bad = await browser.submit(form, 'phone', { phone: 'no number' });
    assert.match(bad.text, /does not look like a phone number/);
    const typing = await browser.submit(bad, 'phone', { phone });
    assert.match(typing.url.pathname, /\/phone-code$/, typing.text);
    const wrong = await browser.submit(typing, 'phone-code', { code: scene.another(await scene.codeTo(phone)) });
    assert.match(wrong.text, /not right\. Look at the newest message from us/);
    return browser.submit(wrong, 'phone-code', { code: await scene.codeTo(phone) });
  };
  assert.match((await set('Add a number', one)).text, /Your number is saved/);
  assert.deepEqual(await numbers(), [one]);
  assert.equal((await world.mail(email)).kind, 'profile_changed');
  assert.match((await set('Change the number', two)).text, /\+4915111110002 confirmed/);
  assert.deepEqual(await numbers(), [two], 'the old one is not theirs any more');

  await scene.ownerOf('+4915111110003', 'has-that-number@example.com');
  const taken = await set('Change the number', '+4915111110003');
  assert.match(taken.text, /This number opens another account/);
  assert.deepEqual(await numbers(), [two]);
});
