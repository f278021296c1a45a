import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { accountScene, type Scene, shop } from '../../../test/account-scene.ts';
import { testBase } from '../../../test/base.ts';
import { transact } from '../../base/db.ts';
import { isProblem } from '../../base/errors.ts';
import { addIdentity, findBySubject, identitiesOf, merge, proofsOf } from '../customers/customers.ts';
import {
  type AtDoor,
  addFactor,
  beginCodeSignIn,
  beginEmailChange,
  completeCodeSignUp,
  completeEmailChange,
  completeReset,
  factorsOf,
  recordProof,
  redeemAccountProof,
  redeemCodeSignIn,
  sendAccountProof,
  setIdentifiers,
  signInWithPassword,
  startReset,
  tellOfNewDevice,
  waysIn,
} from './accounts.ts';

// Account pre-hijacking (security cases, rows 1 to 3): the attacker makes an account with the victim's address before
// the victim comes, and waits inside it. Each attack once as the paper has it, and in the orders that go round it.

let scene: Scene;
before(async () => {
  scene = await accountScene(await testBase());
});
after(() => scene.base.close());

const attackers = 'the password of the attacker';
const victims = 'the password of the victim';
let count = 0;
const address = () => {
  count += 1;
  return `victim${count}@example.com`;
};
const signIn = (identifier: string, password: string) =>
  signInWithPassword(scene.base, { connection: shop, identifier, password, asked: scene.caller() });
const refused = (error: unknown) => isProblem(error, 'wrong_credentials');

/** The victim comes in by a network that proves the address: first a customer of its own, then the proof. */
async function comesByGoogle(email: string): Promise<AtDoor> {
  const { customer, subject } = await scene.network('google-oauth2', email);
  return provesByGoogle(email, { customer, subject });
}
async function provesByGoogle(email: string, { customer, subject }: AtDoor, used = [subject]): Promise<AtDoor> {
  const { endSessions } = scene;
  const proof = { address: email, how: 'provider', origin: 'google-oauth2', used, endSessions } as const;
  return {
    subject,
    customer: (await recordProof(scene.base.db, { ...proof, customer: customer.id, subject })).customer,
  };
}
/** The victim chooses a password by the link in the mail. */
async function resets(email: string): Promise<AtDoor> {
  await startReset(scene.base, { connection: shop, identifier: email, asked: scene.caller() });
  const { secret } = await scene.mail(email);
  const reset = { ticket: secret, password: victims, asked: scene.caller(), endSessions: scene.endSessions };
  return completeReset(scene.base, reset);
}
/** The victim types the code in the mail. */
async function comesByCode(email: string, connection: string | undefined = shop) {
  const flow = `flow-${email}-${count}`;
  const asked = scene.caller();
  const { code } = await beginCodeSignIn(scene.base, { email, flow, asked });
  const typed = (await scene.mail(email)).secret;
  const owners = await redeemCodeSignIn(scene.base, {
    code,
    typed,
    flow,
    asked,
    connection,
    endSessions: scene.endSessions,
  });
  return { ...owners, code, flow };
}
/** The umbrella links two accounts by its API. */
async function joins(winner: AtDoor, loser: string): Promise<void> {
  await merge(scene.base.db, {
    winner: winner.customer.id,
    loser,
    by: 'api',
    origin: 'test',
    at: new Date(),
    endSessions: scene.endSessions,
    settleConsents: async () => undefined,
  });
}
const google = () => {
  const at = new Date();
  return { provider: 'google-oauth2', connection: 'google-oauth2', isSocial: true, facts: [], proofs: [], at };
};
async function subjectsIn(customer: string): Promise<string[]> {
  return (await identitiesOf(scene.base.db, customer)).map((identity) => identity.subject);
}
async function addressesIn(customer: string): Promise<string[]> {
  return (await proofsOf(scene.base.db, customer)).map((proof) => proof.address);
}
async function ownersOf(email: string): Promise<string[]> {
  return (await comesByCode(email)).owners.map((owner) => owner.customer.id);
}

test('row 3: "this was not me" goes to no address that nobody proved; the owner’s own links stay', async () => {
  const { db } = scene.base;
  const email = address();
  const { customer, subject } = await scene.account(email, attackers);
  const linksOf = async () =>
    (await db.selectFrom('one_time_codes').select('purpose').where('customer', '=', customer.id).execute()).filter(
      ({ purpose }) => purpose === 'not_me',
    ).length;
  const words = { time: '-', browser: '-', place: '-' };
  const told = {
    customer: customer.id,
    subject,
    signIn: randomUUID(),
    words,
    device: undefined,
    asked: scene.caller(),
  };
  const tellNow = () => transact(db, (tx) => tellOfNewDevice(scene.base, tx, told));
  await tellNow();
  assert.equal(await linksOf(), 0, 'the attacker gets none');
  await resets(email);
  await tellNow();
  await resets(email);
  assert.equal(await linksOf(), 1, 'a later password takes nothing from the owner');
});

test('row 1, classic-federated merge: who comes by Google shares nothing; the attacker’s way in is dead', async () => {
  const email = address();
  const attacker = await scene.account(email, attackers);
  await signIn(email, attackers);
  const victim = await comesByGoogle(email);
  assert.notEqual(victim.customer.id, attacker.customer.id);
  assert.ok(victim.customer.email_verified);
  await assert.rejects(signIn(email, attackers), refused);
  assert.ok(scene.ended.includes(attacker.customer.id));
  assert.ok(!scene.ended.includes(victim.customer.id));
  assert.equal((await findBySubject(scene.base.db, attacker.subject))?.email_verified, false);
  assert.deepEqual(await ownersOf(email), [victim.customer.id]);
  // The address in the password store is still the owner's to claim; what they claim is empty of the attacker.
  const claimed = await resets(email);
  await signIn(email, victims);
  assert.equal(claimed.subject, attacker.subject);
  assert.deepEqual(
    (await waysIn(scene.base.db, claimed.customer.id)).map((way) => way.kind),
    ['password', 'code'],
  );
});

test('row 1, the other order: an account made later with a proven customer’s address shares nothing', async () => {
  const email = address();
  const victim = await comesByGoogle(email);
  const attacker = await scene.account(email, attackers);
  await signIn(email, attackers);
  const again = await provesByGoogle(email, victim);
  assert.equal(again.customer.id, victim.customer.id);
  assert.notEqual(attacker.customer.id, victim.customer.id);
  const reset = await resets(email);
  await assert.rejects(signIn(email, attackers), refused);
  assert.ok(scene.ended.includes(attacker.customer.id));
  assert.equal(reset.subject, attacker.subject);
});

test('row 2, the same through a mailed code: the first proof drops the password that was set before', async () => {
  const email = address();
  const attacker = await scene.account(email, attackers);
  await signIn(email, attackers);
  const { owners } = await comesByCode(email);
  assert.deepEqual(
    owners.map((owner) => owner.subject),
    [attacker.subject],
    'the account is the owner’s now',
  );
  await assert.rejects(signIn(email, attackers), refused);
  assert.ok(scene.ended.includes(attacker.customer.id));
  assert.deepEqual(
    (await waysIn(scene.base.db, attacker.customer.id)).map((way) => way.kind),
    ['code'],
  );
});

test('row 2, through the conflict page: proving the account by a code drops its password too', async () => {
  const email = address();
  const attacker = await scene.account(email, attackers);
  const asked = scene.caller();
  const ask = { customer: attacker.customer.id, address: email, about: 'facebook|1', flow: 'flow-conflict', asked };
  const { code } = await sendAccountProof(scene.base, ask);
  const typed = (await scene.mail(email)).secret;
  await redeemAccountProof(scene.base, { ...ask, code, typed, endSessions: scene.endSessions });
  await assert.rejects(signIn(email, attackers), refused);
});

test('row 3, unexpired session: a new password ends the sessions of whoever was in before', async () => {
  const email = address();
  const attacker = await scene.account(email, attackers);
  const { methodId } = await signIn(email, attackers);
  const victim = await resets(email);
  assert.equal(victim.customer.id, attacker.customer.id, 'nothing else was in it');
  assert.ok(scene.ended.includes(attacker.customer.id));
  await assert.rejects(signIn(email, attackers), refused);
  await signIn(email, victims);
  assert.ok(!(await waysIn(scene.base.db, victim.customer.id)).some((way) => 'id' in way && way.id === methodId));
});

test('row 3: who takes an unproven address out of an account takes no second factor away from it', async () => {
  const email = address();
  const own = `owner${count}@gmail.com`;
  const owner = await comesByGoogle(own);
  const account = await scene.account(email, victims);
  await joins(owner, account.customer.id);
  const { base, caller } = scene;
  const proven = { kind: 'phone', phone: '+491701234567' } as const;
  const act = { customer: owner.customer.id, asked: caller() };
  await addFactor(base, base.db, { ...act, subject: account.subject, proven });
  const other = await resets(email);
  assert.notEqual(other.customer.id, owner.customer.id);
  assert.deepEqual(
    (await factorsOf(base.db, owner.customer.id)).map(({ kind }) => kind),
    ['phone'],
  );
  assert.deepEqual(await factorsOf(base.db, other.customer.id), [], 'and locks nobody out');
});

test('row 3, trojan identifier: a network that the attacker linked is parted from the account', async () => {
  const email = address();
  const { customer, subject } = await scene.account(email, attackers);
  const trojan = await addIdentity(scene.base.db, customer.id, google());
  const victim = await resets(email);
  assert.equal(victim.customer.id, customer.id);
  assert.deepEqual(await subjectsIn(customer.id), [subject]);
  assert.notEqual((await findBySubject(scene.base.db, trojan.subject))?.id, customer.id);
  assert.deepEqual(await addressesIn(customer.id), [email]);
  await assert.rejects(signIn(email, attackers), refused);
});

test('row 3, trojan identifier: an attacker who proves an address of their own gives up the victim’s', async () => {
  const email = address();
  const own = `attacker-own${count}@gmail.com`;
  const { customer } = await scene.account(email, attackers);
  const trojan = await addIdentity(scene.base.db, customer.id, google());
  await provesByGoogle(own, { customer, subject: trojan.subject });
  await assert.rejects(signIn(email, attackers), refused);
  const victim = await scene.signUp(email, victims);
  assert.notEqual(victim.customer.id, customer.id);
  assert.equal((await signIn(email, victims)).customer.id, victim.customer.id);
  assert.deepEqual(await ownersOf(own), [customer.id]);
  assert.deepEqual(await ownersOf(email), [victim.customer.id]);
});

test('row 3, trojan identifier: nor does an attacker keep it who used both ways when proving their own', async () => {
  const email = address();
  const own = `attacker-both${count}@gmail.com`;
  const { customer, subject } = await scene.account(email, attackers);
  const trojan = await addIdentity(scene.base.db, customer.id, google());
  await provesByGoogle(own, { customer, subject: trojan.subject }, [subject, trojan.subject]);
  assert.equal((await signIn(email, attackers)).customer.id, customer.id);
  const victim = await resets(email);
  assert.deepEqual(await subjectsIn(victim.customer.id), [subject]);
  assert.deepEqual(await addressesIn(victim.customer.id), [email]);
  await assert.rejects(signIn(email, attackers), refused);
  assert.notEqual((await findBySubject(scene.base.db, trojan.subject))?.id, victim.customer.id);
});

test('row 3, trojan identifier, turned round: the attacker’s network is the primary identity', async () => {
  const email = address();
  const own = `attacker-first${count}@gmail.com`;
  const attacker = await comesByGoogle(own);
  const account = await scene.account(email, attackers);
  await joins(attacker, account.customer.id);
  assert.equal((await signIn(email, attackers)).customer.id, attacker.customer.id);
  const victim = await resets(email);
  assert.notEqual(victim.customer.id, attacker.customer.id, 'the victim’s account leaves the attacker’s customer');
  assert.equal((await signIn(email, victims)).customer.id, victim.customer.id);
  assert.deepEqual(
    (await identitiesOf(scene.base.db, victim.customer.id)).map((one) => one.subject),
    [account.subject],
  );
  assert.equal((await provesByGoogle(own, attacker)).customer.id, attacker.customer.id);
  assert.ok(scene.ended.includes(attacker.customer.id) && scene.ended.includes(victim.customer.id));
});

test('row 3, trojan identifier: another address that the attacker proved on the account is forgotten', async () => {
  const own = `attacker-second${count}@example.com`;
  const email = address();
  const attacker = await scene.signUp(own, attackers);
  // The app lets its customers change their address by the API, unproven.
  await setIdentifiers(scene.base, scene.base.db, { subject: attacker.subject, email, asked: scene.caller() });
  const victim = await resets(email);
  assert.equal(victim.subject, attacker.subject);
  assert.deepEqual(
    (await proofsOf(scene.base.db, victim.customer.id)).map((proof) => proof.address),
    [email],
  );
  assert.deepEqual(await ownersOf(own), []);
  await assert.rejects(signIn(own, attackers), refused);
  await assert.rejects(signIn(email, attackers), refused);
});

test('row 3, trojan identifier: an address that the attacker proved from inside is forgotten, too', async () => {
  const email = address();
  const own = `attacker-inside${count}@example.com`;
  const { customer, subject } = await scene.account(email, attackers);
  const { endSessions } = scene;
  const proof = { customer: customer.id, subject, address: own, how: 'code', origin: 'page', used: [subject] } as const;
  await recordProof(scene.base.db, { ...proof, endSessions });
  await resets(email);
  assert.deepEqual(await addressesIn(customer.id), [email]);
  assert.deepEqual(await ownersOf(own), []);
});

test('row 3, unexpired e-mail change: a change that the attacker began dies with the first proof', async () => {
  for (const claims of [resets, comesByCode]) {
    const email = address();
    const own = `attacker-change${count}@example.com`;
    const attacker = await scene.account(email, attackers);
    const asked = scene.caller();
    const change = { subject: attacker.subject, email: own, flow: 'attackers-flow', asked };
    const { code } = await beginEmailChange(scene.base, change);
    const typed = (await scene.mail(own)).secret;
    await claims(email);
    const late = { code, typed, flow: 'attackers-flow', asked, endSessions: scene.endSessions };
    await assert.rejects(completeEmailChange(scene.base, late), (error) => isProblem(error, 'code_expired'));
    assert.deepEqual(await ownersOf(own), []);
  }
});

test('row 3, non-verifying provider: what a network only claims proves nothing and joins nothing', async () => {
  const email = address();
  const attacker = await scene.network('facebook', email);
  assert.equal(attacker.customer.email_verified, false);
  const victim = await scene.signUp(email, victims);
  assert.notEqual(victim.customer.id, attacker.customer.id);
  assert.deepEqual(await ownersOf(email), [victim.customer.id]);
  const { owners, code, flow } = await comesByCode(address());
  assert.deepEqual(owners, []);
  const act = { code, flow, connection: shop, endSessions: scene.endSessions };
  const made = await completeCodeSignUp(scene.base.db, act);
  assert.ok(made.isNew);
});

test('an unproven account whose owner proves the address from inside keeps the way they came in by', async () => {
  const email = address();
  const { customer, subject } = await scene.account(email, attackers);
  const trojan = await addIdentity(scene.base.db, customer.id, google());
  const owner = await addIdentity(scene.base.db, customer.id, {
    ...google(),
    connection: 'facebook',
    provider: 'facebook',
  });
  const { endSessions } = scene;
  const proof = { customer: customer.id, subject: owner.subject, address: email, how: 'code', origin: 'page' } as const;
  const { dropped } = await recordProof(scene.base.db, { ...proof, used: [owner.subject], endSessions });
  assert.deepEqual(dropped, [
    { subject, what: 'password' },
    { subject: trojan.subject, what: 'identity' },
  ]);
  await assert.rejects(signIn(email, attackers), refused);
  const ways = (await waysIn(scene.base.db, customer.id)).map((way) => `${way.kind} ${way.subject}`);
  assert.deepEqual(ways, [`network ${owner.subject}`, `code ${owner.subject}`]);
});

test('an unproven account that the umbrella linked keeps what it learned, not its address', async () => {
  const own = `attacker-linked${count}@example.com`;
  const { customer: linked, subject } = await scene.account(own, attackers);
  const victim = await scene.network('google-oauth2');
  await joins(victim, linked.id);
  await provesByGoogle(address(), victim);
  await assert.rejects(signIn(own, attackers), refused);
  await startReset(scene.base, { connection: shop, identifier: own, asked: scene.caller() });
  assert.equal((await scene.mail(own)).kind, 'no_account');
  assert.deepEqual(new Set(await subjectsIn(victim.customer.id)), new Set([victim.subject, subject]));
});

test('a proven customer who proves another address loses nothing', async () => {
  const { customer, subject } = await scene.signUp(address(), victims);
  const added = await addIdentity(scene.base.db, customer.id, google());
  await provesByGoogle(address(), { customer, subject: added.subject });
  assert.equal((await subjectsIn(customer.id)).length, 2);
  assert.ok(
    (await waysIn(scene.base.db, customer.id)).some((way) => way.kind === 'password' && way.subject === subject),
  );
  assert.ok(!scene.ended.includes(customer.id));
});
