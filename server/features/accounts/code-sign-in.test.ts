import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accountScene, type Scene, shop } from '../../../test/account-scene.ts';
import { testBase } from '../../../test/base.ts';
import { isProblem } from '../../base/errors.ts';
import { identitiesOf, proofsOf } from '../customers/customers.ts';
import {
  type Asked,
  beginCodeSignIn,
  completeCodeSignUp,
  recordProof,
  redeemAccountProof,
  redeemCodeSignIn,
  sendAccountProof,
  signInWithPassword,
  waysIn,
} from './accounts.ts';

let scene: Scene;
before(async () => {
  scene = await accountScene(await testBase());
});
after(() => scene.base.close());

const password = 'a good long password';
let flows = 0;

/** Asks for a code and types it. */
async function byCode(email: string, asked: Asked = scene.caller()) {
  flows += 1;
  const flow = `flow-${flows}`;
  const { code, address } = await beginCodeSignIn(scene.base, { email, flow, asked });
  const { kind, secret } = await scene.mail(address);
  assert.equal(kind, 'sign_in_code');
  const typed = { code, typed: secret, flow, asked, connection: shop, endSessions: scene.endSessions };
  return { ...(await redeemCodeSignIn(scene.base, typed)), code, flow };
}
const is = (code: Parameters<typeof isProblem>[1]) => (error: unknown) => code !== undefined && isProblem(error, code);

test('whoever has the address signs in, as the account of the connection', async () => {
  const { customer, subject } = await scene.signUp('ada@example.com', password);
  const { owners } = await byCode('Ada@example.com');
  assert.deepEqual(
    owners.map((owner) => [owner.customer.id, owner.subject]),
    [[customer.id, subject]],
  );
  await signInWithPassword(scene.base, {
    connection: shop,
    identifier: 'ada@example.com',
    password,
    asked: scene.caller(),
  });
});

test('an unknown address looks the same; its code makes an account without a password', async () => {
  const { owners, code, flow, address } = await byCode('bea@example.com');
  assert.deepEqual(owners, []);
  const act = { code, flow, connection: shop, endSessions: scene.endSessions };
  await assert.rejects(completeCodeSignUp(scene.base.db, { ...act, flow: 'other' }), is('code_expired'));
  const made = await completeCodeSignUp(scene.base.db, act);
  assert.ok(made.isNew && made.customer.email === address && made.customer.email_verified);
  await assert.rejects(completeCodeSignUp(scene.base.db, act), is('code_expired'), 'single use');
  assert.deepEqual(await waysIn(scene.base.db, made.customer.id), [{ kind: 'code', subject: made.subject, address }]);
  assert.equal((await byCode('bea@example.com')).owners[0]?.customer.id, made.customer.id);
});

test('an address proven by a network opens that customer; one shared by several lets them choose', async () => {
  const google = await scene.network('google-oauth2', 'cleo@example.com');
  const proof = {
    address: 'cleo@example.com',
    how: 'provider',
    origin: 'google-oauth2',
    endSessions: scene.endSessions,
  } as const;
  await recordProof(scene.base.db, {
    ...proof,
    customer: google.customer.id,
    subject: google.subject,
    used: [google.subject],
  });
  assert.deepEqual(
    (await byCode('cleo@example.com')).owners.map((owner) => owner.subject),
    [google.subject],
  );
  const other = await scene.network('oidc', 'cleo@example.com');
  await recordProof(scene.base.db, {
    ...proof,
    customer: other.customer.id,
    subject: other.subject,
    used: [other.subject],
  });
  const { owners } = await byCode('cleo@example.com');
  assert.deepEqual(new Set(owners.map((owner) => owner.customer.id)), new Set([google.customer.id, other.customer.id]));
});

test('wrong codes count together with wrong passwords of the same customer', async () => {
  await scene.signUp('dora@example.com', password);
  const asked = scene.caller();
  const flow = 'flow-wrong';
  for (let i = 0; i < 6; i += 1) {
    const door = { connection: shop, identifier: 'dora@example.com', password: 'wrong', asked };
    await assert.rejects(signInWithPassword(scene.base, door), is('wrong_credentials'));
  }
  const { code } = await beginCodeSignIn(scene.base, { email: 'dora@example.com', flow, asked });
  const { secret } = await scene.mail('dora@example.com');
  const wrong = String((Number(secret) + 1) % 1_000_000).padStart(6, '0');
  const type = (typed: string) =>
    redeemCodeSignIn(scene.base, { code, typed, flow, asked, endSessions: scene.endSessions });
  for (let i = 0; i < 4; i += 1) await assert.rejects(type(wrong), is('code_wrong'));
  await assert.rejects(type(secret), is('too_many_attempts'));
});

test('wrong codes and passwords count together for known and unknown addresses alike', async () => {
  await scene.signUp('dan@example.com', password);
  await scene.account('dan-of-old@example.com', password);
  const { customer, subject } = await scene.network('github', 'dan-at-github@example.com');
  const proof = { address: 'dan-at-github@example.com', how: 'provider', origin: 'github' } as const;
  await recordProof(scene.base.db, {
    ...proof,
    customer: customer.id,
    subject,
    used: [subject],
    endSessions: scene.endSessions,
  });
  for (const email of ['dan@example.com', 'dan-of-old@example.com', proof.address, 'stranger@example.com']) {
    const asked = scene.caller();
    const flow = `flow-of-${email}`;
    const { code } = await beginCodeSignIn(scene.base, { email, flow, asked });
    const wrong = String((Number((await scene.mail(email)).secret) + 1) % 1_000_000).padStart(6, '0');
    const typed = { code, typed: wrong, flow, asked, endSessions: scene.endSessions };
    for (let i = 0; i < 3; i += 1) await assert.rejects(redeemCodeSignIn(scene.base, typed), is('code_wrong'));
    const door = { connection: shop, identifier: email, password: 'wrong', asked };
    await assert.rejects(
      signInWithPassword(scene.base, door),
      (error) => isProblem(error, 'wrong_credentials') && error.extra.remaining === 6,
      email,
    );
  }
});

test('no inbox is flooded: ten mails an hour, whether or not the address is known', async () => {
  await scene.signUp('emil@example.com', password);
  for (const email of ['emil@example.com', 'nobody@example.com']) {
    const before = (await scene.mailsTo(email)).length;
    const all = await Promise.allSettled(
      Array.from({ length: 30 }, (_, i) =>
        beginCodeSignIn(scene.base, { email, flow: `flood-${i}`, asked: scene.caller() }),
      ),
    );
    const refused = all.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    assert.ok(refused.every(is('too_many_attempts')));
    assert.equal((await scene.mailsTo(email)).length, 10, email);
    assert.equal(refused.length, 30 - (10 - before));
  }
});

test('security row 5: a proof of an account is bound to the flow and to what is linked, and is used once', async () => {
  const { customer, subject } = await scene.signUp('finn@example.com', password);
  const asked = scene.caller();
  const ask = { customer: customer.id, address: 'finn@example.com', about: 'google-oauth2|1', flow: 'flow-p', asked };
  await assert.rejects(sendAccountProof(scene.base, { ...ask, address: 'other@example.com' }), is('not_found'));
  const { code } = await sendAccountProof(scene.base, ask);
  const { kind, secret } = await scene.mail('finn@example.com');
  assert.equal(kind, 'account_proof');
  const typed = { code, typed: secret, flow: 'flow-p', about: ask.about, asked, endSessions: scene.endSessions };
  await assert.rejects(redeemAccountProof(scene.base, { ...typed, about: 'google-oauth2|2' }), is('code_wrong'));
  await assert.rejects(redeemAccountProof(scene.base, { ...typed, flow: 'flow-q' }), is('code_expired'));
  await assert.rejects(redeemCodeSignIn(scene.base, typed), is('code_expired'), 'another purpose');
  const door = await redeemAccountProof(scene.base, typed);
  assert.deepEqual([door.customer.id, door.subject], [customer.id, subject]);
  await assert.rejects(redeemAccountProof(scene.base, typed), is('code_expired'));
});

test('a code that proves an address for the first time leaves what was proven before as it is', async () => {
  const { customer, subject } = await scene.signUp('gina@example.com', password);
  await byCode('gina@example.com');
  assert.equal((await identitiesOf(scene.base.db, customer.id)).length, 1);
  assert.equal((await proofsOf(scene.base.db, customer.id)).length, 1);
  assert.ok(
    (await waysIn(scene.base.db, customer.id)).some((way) => way.kind === 'password' && way.subject === subject),
  );
});
