import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { madePasskey, usedPasskey } from '../../../contract/passkeys.ts';
import { accountScene, type Scene, shop } from '../../../test/account-scene.ts';
import { type Authenticator, createAuthenticator, type Lies } from '../../../test/authenticator.ts';
import { testBase } from '../../../test/base.ts';
import { isProblem } from '../../base/errors.ts';
import {
  addIdentity,
  type Customer,
  findById,
  merge,
  removeCustomer,
  timelineOf,
  unlink,
} from '../customers/customers.ts';
import {
  type AtDoor,
  addPasskey,
  beginCodeSignIn,
  beginPasskey,
  beginPasskeyUse,
  checkNotLastWayIn,
  eraseAccounts,
  exportAccounts,
  type PasskeyUse,
  recordProof,
  recordUse,
  redeemCodeSignIn,
  removePasskey,
  removePassword,
  renamePasskey,
  signInWithPasskey,
  waysIn,
} from './accounts.ts';

let scene: Scene;
before(async () => {
  scene = await accountScene(await testBase());
});
after(() => scene.base.close());

const password = 'a good long password';
const is =
  (code: 'passkey_refused' | 'passkey_expired' | 'last_way_in' | 'not_found' | 'conflict') => (error: unknown) =>
    isProblem(error, code);
const device = (traits = {}) => createAuthenticator(scene.base.config.url, traits);
const passkeysOf = async (customer: string) => {
  return (await waysIn(scene.base.db, customer)).filter((way) => way.kind === 'passkey');
};

async function enrol({ customer, subject }: AtDoor, keys: Authenticator, session = 'session'): Promise<void> {
  const asked = scene.caller();
  const options = await beginPasskey(scene.base, { customer, session, asked });
  const isSignedIn = async () => !scene.ended.includes(customer.id);
  const made = madePasskey.parse(JSON.parse(keys.create(options)));
  const act = { customer: customer.id, subject, session, made, name: undefined, unnamed: 'Passkey', isSignedIn, asked };
  await addPasskey(scene.base, act);
}

let flows = 0;
async function answer(keys: Authenticator, use: Partial<PasskeyUse> = {}, lies?: Lies) {
  flows += 1;
  const asking: PasskeyUse = { purpose: 'sign_in', whose: `flow-${flows}`, ...use };
  const used = usedPasskey.parse(JSON.parse(keys.get(await beginPasskeyUse(scene.base, asking), lies)));
  return { ...asking, used, asked: scene.caller() };
}
const comeIn = async (keys: Authenticator) => signInWithPasskey(scene.base, await answer(keys));

/** A code is on its way to the address; typing it proves that. */
async function mailTo(email: string): Promise<() => Promise<Customer>> {
  const asked = scene.caller();
  const flow = `proof-${email}`;
  const { code } = await beginCodeSignIn(scene.base, { email, flow, asked });
  const typed = (await scene.mail(email)).secret;
  const { endSessions } = scene;
  return async () => {
    const { owners } = await redeemCodeSignIn(scene.base, { code, typed, flow, asked, connection: shop, endSessions });
    return owners[0]?.customer ?? assert.fail('nobody’s');
  };
}
const proveByMail = async (email: string) => (await mailTo(email))();

test('security row 2: the first proof of an address drops the passkey of who was there unproven', async () => {
  const attacker = await scene.account('victim@example.com', password);
  const keys = device();
  await enrol(attacker, keys);
  assert.equal((await comeIn(keys)).customer.id, attacker.customer.id);
  const victim = await proveByMail('victim@example.com');
  assert.deepEqual(await waysIn(scene.base.db, victim.id), [
    { kind: 'code', subject: attacker.subject, address: 'victim@example.com' },
  ]);
  await assert.rejects(comeIn(keys), is('passkey_refused'));
});

test('security row 1: so does a proof that a network vouches for, made elsewhere', async () => {
  const attacker = await scene.account('federated@example.com', password);
  const keys = device();
  await enrol(attacker, keys);
  const victim = await scene.network('google-oauth2');
  await recordProof(scene.base.db, {
    customer: victim.customer.id,
    subject: victim.subject,
    address: 'federated@example.com',
    how: 'provider',
    origin: 'google-oauth2',
    used: [victim.subject],
    endSessions: scene.endSessions,
  });
  await assert.rejects(comeIn(keys), is('passkey_refused'));
  assert.ok(scene.ended.includes(attacker.customer.id));
});

test('who was on the way with a dropped passkey gets no further', async () => {
  const attacker = await scene.account('on-the-way@example.com', password);
  const keys = device();
  await enrol(attacker, keys);
  const { subject, methodId, counter } = await comeIn(keys);
  await proveByMail('on-the-way@example.com');
  const use = { subject, methodId, counter, at: new Date() };
  await assert.rejects(recordUse(scene.base.db, use), is('passkey_refused'));
});

test('a proven passkey outlives further proofs of the address', async () => {
  const door = await scene.signUp('keeps-passkey@example.com', password);
  const keys = device();
  await enrol(door, keys);
  await proveByMail('keeps-passkey@example.com');
  assert.equal((await comeIn(keys)).customer.id, door.customer.id);
});

test('security row 2: a passkey that is being made while the address is proven is dropped, or refused', async () => {
  for (let round = 0; round < 10; round += 1) {
    const email = `raced-${round}@example.com`;
    const attacker = await scene.account(email, password);
    const prove = await mailTo(email);
    const [, proof] = await Promise.allSettled([enrol(attacker, device()), prove(), enrol(attacker, device())]);
    assert.equal(proof?.status, 'fulfilled');
    assert.deepEqual(await passkeysOf(attacker.customer.id), []);
  }
});

test('a merge brings the passkeys along; unlinking takes those of the identity away', async () => {
  const winner = await scene.signUp('merge-winner@example.com', password);
  const loser = await scene.signUp('merge-loser@example.com', password);
  const [first, second] = [device(), device()];
  await enrol(winner, first);
  await enrol(loser, second);
  const { db } = scene.base;
  const { endSessions } = scene;
  const act = { by: 'customer', origin: 'test', at: new Date() } as const;
  const joined = { winner: winner.customer.id, loser: loser.customer.id, ...act, endSessions };
  await merge(db, { ...joined, settleConsents: async () => undefined });
  for (const keys of [first, second]) assert.equal((await comeIn(keys)).customer.id, winner.customer.id);
  assert.equal((await passkeysOf(winner.customer.id)).length, 2);
  const { separated } = await unlink(db, winner.customer.id, loser.subject, { ...act, endSessions });
  assert.equal((await comeIn(second)).customer.id, separated.id);
  assert.equal((await comeIn(first)).customer.id, winner.customer.id);
});

test('a passkey is a way in: the last one cannot be removed, the last but one can', async () => {
  const door = await scene.account('only-passkey@example.com', password);
  await enrol(door, device());
  const { customer } = door;
  const asked = scene.caller();
  const [passkey, secret] = [(await passkeysOf(customer.id))[0], (await waysIn(scene.base.db, customer.id))[0]];
  assert.ok(passkey && secret?.kind === 'password');
  await removePassword(scene.base, { customer: customer.id, method: secret.id, asked });
  const act = { customer: customer.id, method: passkey.id, asked };
  await assert.rejects(removePasskey(scene.base, act), is('last_way_in'));
  await assert.rejects(checkNotLastWayIn(scene.base.db, customer.id, { method: passkey.id }), is('last_way_in'));
  await enrol(door, device());
  const both = await passkeysOf(customer.id);
  const removals = both.map(({ id }) => removePasskey(scene.base, { customer: customer.id, method: id, asked }));
  const results = await Promise.allSettled(removals);
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1, 'two tabs do not remove both');
  assert.equal((await passkeysOf(customer.id)).length, 1);
});

test('security row 16: nobody names, removes or is proven by the passkey of another', async () => {
  const [one, other] = [
    await scene.signUp('one@example.com', password),
    await scene.signUp('other@example.com', password),
  ];
  const keys = device();
  await enrol(other, keys);
  const [passkey] = await passkeysOf(other.customer.id);
  const act = { customer: one.customer.id, method: passkey?.id ?? '', asked: scene.caller() };
  await assert.rejects(removePasskey(scene.base, act), is('not_found'));
  await assert.rejects(renamePasskey(scene.base, { ...act, name: 'Mine' }), is('not_found'));
  const asFactor = { purpose: 'factor', customer: one.customer.id } as const;
  await assert.rejects(signInWithPasskey(scene.base, await answer(keys, asFactor)), is('passkey_refused'));
  const own = { ...asFactor, customer: other.customer.id };
  assert.equal((await signInWithPasskey(scene.base, await answer(keys, own))).customer.id, other.customer.id);
  const options = await beginPasskeyUse(scene.base, { ...own, whose: 'flow' });
  assert.deepEqual(
    options.allowCredentials?.map(({ id }) => id),
    [keys.kept[0]?.id],
  );
});

test('an answer is good only for what it was asked for', async () => {
  const door = await scene.signUp('purposes@example.com', password);
  const keys = device();
  await enrol(door, keys);
  const customer = door.customer.id;
  const asked = await answer(keys, { purpose: 'factor', customer });
  for (const other of [
    { purpose: 'sign_in', customer: undefined },
    { purpose: 'sign_in' },
    { purpose: 'proof' },
    { customer: undefined },
    { whose: 'another flow' },
  ] as const) {
    await assert.rejects(signInWithPasskey(scene.base, { ...asked, ...other }), is('passkey_expired'));
  }
  await signInWithPasskey(scene.base, asked);
  await assert.rejects(signInWithPasskey(scene.base, asked), is('passkey_expired'), 'once');
});

test('of 50 at once with one answer one gets in', async () => {
  const door = await scene.signUp('fifty@example.com', password);
  const keys = device();
  await enrol(door, keys);
  const one = await answer(keys);
  const results = await Promise.allSettled(Array.from({ length: 50 }, () => signInWithPasskey(scene.base, one)));
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  for (const result of results) if (result.status === 'rejected') assert.ok(is('passkey_expired')(result.reason));
});

test('of 50 at once with one count one is written', async () => {
  const door = await scene.signUp('fifty-counts@example.com', password);
  const keys = device({ counts: true });
  await enrol(door, keys);
  const { subject, methodId, counter } = await comeIn(keys);
  const use = { subject, methodId, counter, at: new Date() };
  const results = await Promise.allSettled(Array.from({ length: 50 }, () => recordUse(scene.base.db, use)));
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
});

test('twenty passkeys are enough; names stand in the list and the timeline', async () => {
  const door = await scene.signUp('collects@example.com', password);
  for (let number = 0; number < 20; number += 1) await enrol(door, device());
  await assert.rejects(enrol(door, device()), is('conflict'));
  const [first] = await passkeysOf(door.customer.id);
  const act = { customer: door.customer.id, method: first?.id ?? '', asked: scene.caller() };
  await renamePasskey(scene.base, { ...act, name: 'O’Neill’s "key" \\' });
  assert.equal((await passkeysOf(door.customer.id))[0]?.name, 'O’Neill’s "key" \\');
  const { entries } = await timelineOf(scene.base.db, door.customer.id, { perPage: 50 });
  const renamed = entries.find(({ name }) => name === 'passkey_renamed');
  assert.deepEqual(renamed?.data, { name: 'O’Neill’s "key" \\', before: 'Passkey' });
});

test('a passkey made by somebody who came by a network belongs to their own address here, if that is proven', async () => {
  const door = await scene.signUp('comes-by-network@example.com', password);
  const at = new Date();
  const google = { provider: 'google-oauth2', connection: 'google-oauth2', isSocial: true, facts: [], proofs: [], at };
  const { subject } = await addIdentity(scene.base.db, door.customer.id, google);
  await enrol({ customer: door.customer, subject }, device());
  assert.equal((await passkeysOf(door.customer.id))[0]?.subject, door.subject);

  const stranger = await scene.network('github');
  await enrol(stranger, device());
  const [passkey] = await passkeysOf(stranger.customer.id);
  assert.ok(passkey?.subject === stranger.subject && passkey.provedAt === null);
});

test('erasure leaves nothing of a passkey; the export names it and holds no key', async () => {
  const door = await scene.signUp('erased-passkey@example.com', password);
  const keys = device();
  await enrol(door, keys);
  await comeIn(keys);
  const { ways_in } = await exportAccounts(scene.base.db, door.customer.id);
  const exported = JSON.stringify(ways_in);
  assert.match(exported, /"kind":"passkey","connection":"shop","last_used_at":null,"name":"Passkey","created_at":"/);
  assert.ok(!exported.includes('key"') || !exported.includes('public_key'));
  const { db } = scene.base;
  await removeCustomer(db, door.customer.id, {
    at: new Date(),
    endSessions: scene.endSessions,
    others: [eraseAccounts],
  });
  const { rows } = await scene.base.pool.query('select t::text as row from authentication_methods t');
  const all = rows.map((row) => row.row).join('\n');
  const { id, userHandle } = keys.kept[0] ?? assert.fail();
  for (const trace of [userHandle, Buffer.from(id, 'base64url').toString('hex')]) assert.ok(!all.includes(trace));
  assert.equal(await findById(db, door.customer.id), undefined);
  await assert.rejects(comeIn(keys), is('passkey_refused'));
});
