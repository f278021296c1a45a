import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { atNetwork, openWorld, signIn, signInWith, signUp } from '../../../test/sign-in-world.ts';
import { createAccount } from '../../features/accounts/accounts.ts';
import { defaultPasswordConnection } from '../../features/connections/connections.ts';
import {
  createCustomer,
  customersByEmail,
  findByUserId,
  identitiesOf,
  prove,
} from '../../features/customers/customers.ts';

const world = await openWorld();
after(() => world.close());
const { google, facebook } = world.networks;

let number = 0;
/** Somebody with this address at the network. */
function person(network: typeof google, email: string): string {
  number += 1;
  const id = `90000000000000${String(number).padStart(4, '0')}`;
  network.people.add({ id, name: 'Test Person', givenName: 'Test', familyName: 'Person', email });
  return id;
}
const connectionsOf = async (customerId: string) =>
  (await identitiesOf(world.base.db, customerId)).map(({ connection }) => connection).sort();
const both = (network: string) => [defaultPasswordConnection, network].sort();

test('proven on both sides links by itself, and the address is told', async () => {
  const first = await signUp(world, world.browser(), 'both-proven@gmail.com', 'correct horse battery');
  const { sub } = (await world.tokens(first)).claims;
  const page = await signInWith(world, world.browser(), 'google-oauth2', person(google, 'both-proven@gmail.com'));
  assert.equal((await world.tokens(page)).claims.sub, sub);
  const customer = await world.customer('both-proven@gmail.com');
  assert.deepEqual(await connectionsOf(customer.id), both('google-oauth2'));
  const mail = await world.mail('both-proven@gmail.com', 'linked');
  assert.equal(mail.kind, 'linked');
  assert.match(mail.text, /Google \(both-proven@gmail\.com\) now opens your account both-proven@gmail\.com/);
});

test('a sign-up joins the network account whose proven address it is', async () => {
  const page = await signInWith(world, world.browser(), 'google-oauth2', person(google, 'google-first@gmail.com'));
  const { sub } = (await world.tokens(page)).claims;
  const then = await signUp(world, world.browser(), 'google-first@gmail.com', 'correct horse battery');
  assert.equal((await world.tokens(then)).claims.sub, sub);
  const { id } = await world.customer('google-first@gmail.com');
  assert.deepEqual(await connectionsOf(id), both('google-oauth2'));
});

test('an address that the network does not prove is a conflict: joined by the password', async () => {
  await signUp(world, world.browser(), 'claimed@example.com', 'correct horse battery');
  const browser = world.browser();
  const conflict = await signInWith(world, browser, 'facebook', person(facebook, 'claimed@example.com'));
  assert.match(conflict.url.pathname, /\/conflict$/);
  assert.equal((await customersByEmail(world.base.db, 'claimed@example.com')).length, 1, 'nothing is made before');

  const wrong = await browser.submit(conflict, 'conflict-password', { password: 'not the password' });
  assert.equal(wrong.status, 403);
  assert.match(wrong.text, /Wrong e-mail address or password/);
  const done = await browser.submit(wrong, 'conflict-password', { password: 'correct horse battery' });
  assert.equal(done.url.origin, 'http://lumiere.example', done.text);
  const customer = await world.customer('claimed@example.com');
  assert.deepEqual(await connectionsOf(customer.id), both('facebook'));
  assert.equal((await world.tokens(done)).claims.sub, customer.user_id);
});

test('... joined by a mailed code', async () => {
  await signUp(world, world.browser(), 'by-mail@example.com', 'correct horse battery');
  const browser = world.browser();
  const conflict = await signInWith(world, browser, 'facebook', person(facebook, 'by-mail@example.com'));
  const typed = await browser.submit(conflict, 'conflict-code');
  const { kind, code } = await world.mail('by-mail@example.com');
  assert.equal(kind, 'account_proof');
  const done = await browser.submit(typed, 'verify', { code });
  assert.equal(done.url.origin, 'http://lumiere.example', done.text);
  const { id } = await world.customer('by-mail@example.com');
  assert.deepEqual(await connectionsOf(id), both('facebook'));
});

test('... joined by the network that opens the account', async () => {
  const email = 'by-network@gmail.com';
  const atGoogle = person(google, email);
  const first = await signInWith(world, world.browser(), 'google-oauth2', atGoogle);
  const { sub } = (await world.tokens(first)).claims;
  const browser = world.browser();
  const conflict = await signInWith(world, browser, 'facebook', person(facebook, email));
  assert.match(conflict.url.pathname, /\/conflict$/);
  // Neither a stranger's nor another customer's account is the one.
  const other = person(google, 'somebody-else@gmail.com');
  await signInWith(world, world.browser(), 'google-oauth2', other);
  const wrong = await atNetwork(
    browser,
    await browser.submit(conflict, 'conflict-network', {}, 'google-oauth2'),
    other,
  );
  assert.match(wrong.text, /another account than the one with this address/);
  browser.jar.remove('google_session');
  const done = await atNetwork(browser, await browser.submit(wrong, 'conflict-network', {}, 'google-oauth2'), atGoogle);
  assert.equal(done.url.origin, 'http://lumiere.example', done.text);
  assert.equal((await world.tokens(done)).claims.sub, sub);
});

test('... or stays apart: two profiles, and both go on signing in', async () => {
  const email = 'apart@example.com';
  const first = await signUp(world, world.browser(), email, 'correct horse battery');
  const { sub } = (await world.tokens(first)).claims;
  const browser = world.browser();
  const id = person(facebook, email);
  const conflict = await signInWith(world, browser, 'facebook', id);
  const done = await browser.submit(conflict, 'conflict-apart');
  const other = (await world.tokens(done)).claims.sub;
  assert.equal(other, `facebook|${id}`);
  assert.notEqual(other, sub);
  const again = await signInWith(world, world.browser(), 'facebook', id);
  assert.equal((await world.tokens(again)).claims.sub, other);
  const password = await signIn(world, world.browser(), email, 'correct horse battery');
  assert.equal((await world.tokens(password)).claims.sub, sub);
  const owner = await findByUserId(world.base.db, String(other));
  assert.equal(owner?.email_verified, false);
});

test('several proven owners: after a mail code the customer picks the profile', async () => {
  const email = 'shared@gmail.com';
  await signUp(world, world.browser(), email, 'correct horse battery');
  // A second profile that proves the same address: claimed by Facebook, kept apart, then proven by Google.
  const browser = world.browser();
  const conflict = await signInWith(world, browser, 'facebook', person(facebook, email));
  const apart = await browser.submit(conflict, 'conflict-apart');
  const apartSub = String((await world.tokens(apart)).claims.sub);
  const second = await findByUserId(world.base.db, apartSub);
  assert.ok(second);
  const [identity] = await identitiesOf(world.base.db, second.id);
  const proof = { kind: 'email', address: email, how: 'code', origin: 'test', at: new Date() } as const;
  await prove(world.base.db, identity?.subject ?? '', proof);

  const visitor = world.browser();
  const ask = await visitor.follow(await visitor.open(world.door()), 'code');
  const verify = await visitor.submit(ask, 'code', { username: email });
  const choose = await visitor.submit(verify, 'verify', { code: (await world.mail(email)).code });
  assert.match(choose.url.pathname, /\/choose$/);
  assert.equal(choose.forms[0]?.buttons.length, 2);
  const picked = await visitor.submit(choose, 'choose', {}, '1');
  assert.equal(picked.url.origin, 'http://lumiere.example', picked.text);
  assert.equal((await world.tokens(picked)).claims.sub, apartSub);

  // Several owners are never linked by themselves either.
  const google2 = await signInWith(world, world.browser(), 'google-oauth2', person(google, email));
  assert.match(google2.url.pathname, /\/conflict$/);
});

test('a sign-up whose address several have proven: pick one of them, or none', async () => {
  const email = 'many@gmail.com';
  const first = await signInWith(world, world.browser(), 'google-oauth2', person(google, email));
  const { sub } = (await world.tokens(first)).claims;
  const at = new Date();
  const proof = { kind: 'email', address: email, how: 'code', origin: 'test', at } as const;
  const facts = [{ path: 'email', value: email, source: 'network', origin: 'elsewhere', at }] as const;
  await createCustomer(world.base.db, {
    provider: 'oidc',
    connection: 'elsewhere',
    isSocial: false,
    facts,
    proofs: [proof],
    at,
  });
  const browser = world.browser();
  const choose = await signUp(world, browser, email, 'correct horse battery');
  assert.match(choose.url.pathname, /\/choose$/);
  assert.deepEqual(
    choose.forms[0]?.buttons.map(({ value }) => value),
    ['0', '1', 'apart'],
  );
  const owners = await customersByEmail(world.base.db, email);
  const google1 = choose.forms[0]?.buttons.find(({ text }) => text.includes('Test Person'));
  const picked = await browser.submit(choose, 'choose', {}, google1?.value ?? '');
  assert.equal((await world.tokens(picked)).claims.sub, sub);
  const { id } = owners.find((one) => one.user_id === sub) ?? { id: '' };
  assert.deepEqual(await connectionsOf(id), both('google-oauth2'));
});

test('an unproven account of the same address is offered, not taken, and its password dies', async () => {
  const email = 'imported@gmail.com';
  const { subject } = await createAccount(world.base, world.base.db, {
    connection: defaultPasswordConnection,
    email,
    password: 'set by somebody',
    emailVerified: false,
    facts: [],
    origin: 'api',
  });
  const browser = world.browser();
  const conflict = await signInWith(world, browser, 'google-oauth2', person(google, email));
  assert.match(conflict.url.pathname, /\/conflict$/);
  const verify = await browser.submit(conflict, 'conflict-code');
  const done = await browser.submit(verify, 'verify', { code: (await world.mail(email)).code });
  assert.equal(done.url.origin, 'http://lumiere.example', done.text);
  const { id } = await world.customer(email);
  assert.ok((await identitiesOf(world.base.db, id)).some((one) => one.subject === subject));
  const refused = await signIn(world, world.browser(), email, 'set by somebody');
  assert.equal(refused.status, 403);
});
