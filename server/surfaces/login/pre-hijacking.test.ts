// The five account pre-hijacking attacks of Sudhodanan and Paverd (2022), and their kin: security cases 1 to 4.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from '../../../test/http-browser.ts';
import { openWorld, signIn, signInWith, signUp } from '../../../test/sign-in-world.ts';
import { createAccount } from '../../features/accounts/accounts.ts';
import { defaultPasswordConnection } from '../../features/connections/connections.ts';
import { customersByEmail, identitiesOf } from '../../features/customers/customers.ts';

const world = await openWorld();
after(() => world.close());
const { google, facebook } = world.networks;
const atShop = (page: Page) => page.url.origin === 'http://lumiere.example';

let number = 0;
function person(network: typeof google, email: string): string {
  number += 1;
  const id = `80000000000000${String(number).padStart(4, '0')}`;
  network.people.add({ id, name: 'Victim', givenName: 'Victim', familyName: 'V', email });
  return id;
}
/** What the attacker made with the victim's address, before the victim came: an import, an API call. */
const prepare = (email: string) =>
  createAccount(world.base, world.base.db, {
    connection: defaultPasswordConnection,
    email,
    password: 'the attacker knows',
    emailVerified: false,
    facts: [],
    origin: 'api',
  });

test('case 1, classic-federated merge: the victim who comes by Google does not share the account', async () => {
  const email = 'victim-one@gmail.com';
  // By the hosted page the attacker cannot even make it: the code is in the victim's mail.
  const attacker = world.browser();
  const form = await attacker.open(world.door('lumiere', { screen_hint: 'signup' }));
  const asked = await attacker.submit(form, 'signup', { username: email, password: 'the attacker knows' });
  assert.match(asked.url.pathname, /\/verify$/);
  assert.deepEqual(await customersByEmail(world.base.db, email), []);

  const { customer } = await prepare(email);
  const inside = await signIn(world, attacker, email, 'the attacker knows');
  assert.ok(atShop(inside), 'the attacker waits in the account that was made elsewhere');
  const tokens = await world.tokens(inside);

  const victim = world.browser();
  const conflict = await signInWith(world, victim, 'google-oauth2', person(google, email));
  assert.match(conflict.url.pathname, /\/conflict$/, 'nothing is shared by itself');
  const apart = await victim.submit(conflict, 'conflict-apart');
  assert.notEqual((await world.tokens(apart)).claims.sub, customer.user_id);

  // What was claimed of the address without proof is worth nothing from now on.
  assert.ok(!atShop(await signIn(world, world.browser(), email, 'the attacker knows')));
  assert.ok(!atShop(await attacker.open(world.door())), 'the session is dead');
  const refreshed = await fetch(`${world.url}/userinfo`, {
    headers: { authorization: `Bearer ${String(tokens.body.access_token)}` },
  });
  assert.equal(refreshed.status, 401, 'and so are the tokens');
});

test('case 2, pre-hijack through a mailed code: what was not proven is dropped', async () => {
  const email = 'victim-two@example.com';
  const { customer } = await prepare(email);
  const attacker = world.browser();
  assert.ok(atShop(await signIn(world, attacker, email, 'the attacker knows')));

  const victim = world.browser();
  const ask = await victim.follow(await victim.open(world.door()), 'code');
  const typed = await victim.submit(ask, 'code', { username: email });
  const arrived = await victim.submit(typed, 'verify', { code: (await world.mail(email)).code });
  assert.equal((await world.tokens(arrived)).claims.sub, customer.user_id);
  assert.ok(!atShop(await signIn(world, world.browser(), email, 'the attacker knows')));
  assert.ok(!atShop(await attacker.open(world.door())), 'the session is dead');
});

test('case 3, unexpired session: the password reset of the victim ends the attacker', async () => {
  const email = 'victim-three@example.com';
  await prepare(email);
  const attacker = world.browser();
  assert.ok(atShop(await signIn(world, attacker, email, 'the attacker knows')));
  const victim = world.browser();
  const forgot = await victim.follow(await victim.open(world.door()), 'Forgot');
  await victim.submit(forgot, 'forgot', { username: email });
  const reset = await victim.open((await world.mail(email)).link);
  const done = await victim.submit(reset, 'reset-password', { password: 'chosen by the victim' });
  assert.match(done.text, /new password is saved/);
  assert.ok(!atShop(await attacker.open(world.door())));
  assert.ok(!atShop(await signIn(world, world.browser(), email, 'the attacker knows')));
  assert.ok(atShop(await signIn(world, victim, email, 'chosen by the victim')));
});

test('case 3, trojan identifier: a network that was hung on the unproven account goes', async () => {
  const email = 'victim-four@example.com';
  const { customer } = await prepare(email);
  const { addIdentity } = await import('../../features/customers/customers.ts');
  const trojan = person(facebook, 'attacker@example.com');
  await addIdentity(world.base.db, customer.id, {
    provider: 'facebook',
    connection: 'facebook',
    userIdAtProvider: trojan,
    isSocial: true,
    facts: [],
    proofs: [],
    at: new Date(),
  });
  const victim = world.browser();
  const ask = await victim.follow(await victim.open(world.door()), 'code');
  const typed = await victim.submit(ask, 'code', { username: email });
  const arrived = await victim.submit(typed, 'verify', { code: (await world.mail(email)).code });
  const { sub } = (await world.tokens(arrived)).claims;
  const attacker = await signInWith(world, world.browser(), 'facebook', trojan);
  assert.ok(!atShop(attacker) || (await world.tokens(attacker)).claims.sub !== sub);
});

test('case 4, non-verifying network: its word opens nothing', async () => {
  const email = 'victim-five@gmail.com';
  const first = await signUp(world, world.browser(), email, 'the password of the victim');
  const { sub } = (await world.tokens(first)).claims;
  const attacker = world.browser();
  const conflict = await signInWith(world, attacker, 'facebook', person(facebook, email));
  assert.match(conflict.url.pathname, /\/conflict$/);
  const apart = await attacker.submit(conflict, 'conflict-apart');
  const { claims } = await world.tokens(apart);
  assert.notEqual(claims.sub, sub);
  assert.equal(claims.email_verified, false, 'nor is it called proven');
  const { id } = (await customersByEmail(world.base.db, email)).find((one) => one.user_id === sub) ?? { id: '' };
  assert.equal((await identitiesOf(world.base.db, id)).length, 1);
});

test('case 4, a claim that is missing, text or not verified proves nothing, also at Google', async () => {
  const faults = ['email_verified_string', 'unverified_email', 'missing_email'] as const;
  for (const [index, fault] of faults.entries()) {
    const email = `victim-six-${index}@gmail.com`;
    const first = await signUp(world, world.browser(), email, 'the password of the victim');
    const { sub } = (await world.tokens(first)).claims;
    google.misbehave(fault);
    const page = await signInWith(world, world.browser(), 'google-oauth2', person(google, email));
    google.misbehave(null);
    if (atShop(page)) assert.notEqual((await world.tokens(page)).claims.sub, sub, fault);
    else assert.match(page.url.pathname, /\/conflict$/, fault);
  }
});

test('case 3, a network account that only claims the address is no way into what the victim makes', async () => {
  const email = 'victim-seven@example.com';
  const trojan = person(facebook, email);
  await signInWith(world, world.browser(), 'facebook', trojan);
  const victim = world.browser();
  const conflict = await signUp(world, victim, email, 'the password of the victim');
  assert.match(conflict.url.pathname, /\/conflict$/, 'the victim is asked');
  const arrived = await victim.submit(conflict, 'conflict-apart');
  const { sub } = (await world.tokens(arrived)).claims;
  const attacker = await signInWith(world, world.browser(), 'facebook', trojan);
  assert.notEqual((await world.tokens(attacker)).claims.sub, sub);
});
