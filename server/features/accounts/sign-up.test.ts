import assert from 'node:assert/strict';
import { after, before, mock, test } from 'node:test';
import { accountScene, type Scene, shop } from '../../../test/account-scene.ts';
import { testBase } from '../../../test/base.ts';
import { hashesOf } from '../../base/credentials/one-time-code.ts';
import { isProblem } from '../../base/errors.ts';
import { countCustomers, findById, proofsOf } from '../customers/customers.ts';
import { beginSignUp, completeSignUp, redeemSignUp, sendSignUpAgain, signInWithPassword } from './accounts.ts';

let scene: Scene;
before(async () => {
  scene = await accountScene(await testBase());
});
after(() => scene.base.close());

const password = 'a good long password';
const begin = (email: string, flow: string, more: { username?: string; password?: string } = {}) =>
  beginSignUp(scene.base, { connection: shop, email, password, flow, asked: scene.caller(), ...more });
const redeem = (code: string, typed: string, flow: string) =>
  redeemSignUp(scene.base, { code, typed, flow, asked: scene.caller(), endSessions: scene.endSessions });
const complete = (signUp: string, flow: string, joins?: string) =>
  completeSignUp(scene.base.db, { signUp, flow, joins, endSessions: scene.endSessions });
const signIn = (identifier: string, typed = password) =>
  signInWithPassword(scene.base, { connection: shop, identifier, password: typed, asked: scene.caller() });
const is = (code: Parameters<typeof isProblem>[1]) => (error: unknown) => code !== undefined && isProblem(error, code);

test('nothing exists before the code was typed in the flow that asked; then the address is proven', async () => {
  const customers = await countCustomers(scene.base.db);
  const { code, address } = await begin(' Ada@Example.com', 'flow-a', { username: 'Ada.L' });
  assert.equal(address, 'ada@example.com');
  const { kind, secret } = await scene.mail(address);
  assert.equal(kind, 'sign_up_code');
  await assert.rejects(signIn('ada@example.com'), is('wrong_credentials'));
  await assert.rejects(redeem(code, secret, 'flow-b'), is('code_expired'), 'another browser');
  assert.equal(await countCustomers(scene.base.db), customers);
  const proof = await redeem(code, `${secret.slice(0, 3)} ${secret.slice(3)}`, 'flow-a');
  assert.ok(proof.kind === 'new' && proof.address === address);
  assert.equal(await countCustomers(scene.base.db), customers);
  await assert.rejects(complete(proof.signUp, 'flow-b'), is('code_expired'), 'another browser');
  const { customer, isNew } = await complete(proof.signUp, 'flow-a');
  assert.ok(isNew && customer.email === address && customer.email_verified && customer.username === 'ada.l');
  assert.match(customer.user_id, /^auth0\|[0-9a-f]{24}$/);
  await assert.rejects(redeem(code, secret, 'flow-a'), is('code_expired'), 'single use');
  await assert.rejects(complete(proof.signUp, 'flow-a'), is('code_expired'), 'single use');
  assert.equal((await signIn('ada@example.com')).customer.id, customer.id);
  assert.equal((await signIn('ADA.L')).customer.id, customer.id);
});

test('security row 19: a known address looks the same; its code signs in, what was typed is dropped', async () => {
  const { customer } = await scene.signUp('bea@example.com', password);
  const hashes = scene.base.hasher.work().done;
  const known = await begin('bea@example.com', 'flow-known', { password: 'another password' });
  assert.equal(scene.base.hasher.work().done, hashes + 1);
  const unknown = await begin('bea2@example.com', 'flow-unknown');
  assert.deepEqual(Object.keys(known), Object.keys(unknown));
  const { kind, secret } = await scene.mail('bea@example.com');
  assert.equal(kind, 'known_address');
  const rows = await scene.base.db.selectFrom('one_time_codes').selectAll().where('id', '=', known.code).execute();
  assert.ok(!JSON.stringify(rows[0]?.data).includes('argon2'));
  const proof = await redeem(known.code, secret, 'flow-known');
  assert.ok(proof.kind === 'known' && proof.customer.id === customer.id);
  await assert.rejects(complete(known.code, 'flow-known'), is('code_expired'));
  await signIn('bea@example.com', password);
  await assert.rejects(signIn('bea@example.com', 'another password'), is('wrong_credentials'));
});

test('twenty-one sign-ups of one address at once make one account; all of them are signed in to it', async () => {
  const begun = await Promise.all(
    Array.from({ length: 7 }, async (_, i) => {
      const flow = `race-${i}`;
      const { code } = await begin('cleo@example.com', flow);
      return { flow, code };
    }),
  );
  const rows = await scene.base.db
    .selectFrom('outbox')
    .selectAll()
    .where('recipient', '=', 'cleo@example.com')
    .execute();
  // Which mail belongs to which flow the test finds out by trying; each wrong code costs one of five tries.
  const signUps: { flow: string; signUp: string }[] = [];
  for (const { flow, code } of begun) {
    const { secret_hash: hash } = await scene.base.db
      .selectFrom('one_time_codes')
      .select('secret_hash')
      .where('id', '=', code)
      .executeTakeFirstOrThrow();
    const secret = secretOf(
      code,
      flow,
      hash,
      rows.map((row) => /\d{6}/.exec(row.body_text)?.[0] ?? ''),
    );
    const proof = await redeem(code, secret, flow);
    assert.ok(proof.kind === 'new');
    signUps.push({ flow, signUp: proof.signUp });
  }
  // Each proof three times: of one and the same only one is completed.
  const all = await Promise.allSettled(
    [...signUps, ...signUps, ...signUps].map(({ flow, signUp }) => complete(signUp, flow)),
  );
  const made = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  for (const one of all) assert.ok(one.status === 'fulfilled' || is('code_expired')(one.reason), String(one));
  assert.equal(made.length, signUps.length);
  assert.equal(made.filter((one) => one.isNew).length, 1);
  assert.equal(new Set(made.map((one) => one.customer.id)).size, 1);
  const identifiers = await scene.base.db
    .selectFrom('login_identifiers')
    .selectAll()
    .where('value', '=', 'cleo@example.com')
    .execute();
  assert.equal(identifiers.length, 1);
});

function secretOf(code: string, flow: string, hash: Buffer, secrets: string[]): string {
  const found = secrets.find((secret) =>
    hashesOf(scene.base.vault, code, secret, { purpose: 'sign_up', flow }).some((one) => one.equals(hash)),
  );
  assert.ok(found);
  return found;
}

test('five tries per code, also fifty at once; then another code is needed', async () => {
  const { code } = await begin('dora@example.com', 'flow-tries');
  const { secret } = await scene.mail('dora@example.com');
  const wrong = String((Number(secret) + 1) % 1_000_000).padStart(6, '0');
  await assert.rejects(redeem(code, 'abc', 'flow-tries'), is('code_wrong'), 'a slip costs no try');
  await assert.rejects(redeem(code, wrong, 'flow-tries'), (error) => {
    return isProblem(error, 'code_wrong') && error.extra.remaining === 4;
  });
  const all = await Promise.allSettled(Array.from({ length: 50 }, () => redeem(code, wrong, 'flow-tries')));
  const problems = all.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  assert.equal(problems.filter(is('code_wrong')).length, 3);
  assert.equal(problems.filter(is('code_expired')).length, 47);
  await assert.rejects(redeem(code, secret, 'flow-tries'), is('code_expired'));
});

test('of fifty right codes at once one wins', async () => {
  const { code } = await begin('emil@example.com', 'flow-once');
  const { secret } = await scene.mail('emil@example.com');
  const all = await Promise.allSettled(Array.from({ length: 50 }, () => redeem(code, secret, 'flow-once')));
  assert.equal(all.filter((one) => one.status === 'fulfilled').length, 1);
});

test('a code is good for ten minutes; another one can be sent, and the earlier is dead', async (t) => {
  t.after(() => mock.timers.reset());
  const { code } = await begin('finn@example.com', 'flow-again');
  const first = (await scene.mail('finn@example.com')).secret;
  const again = await sendSignUpAgain(scene.base, { code, flow: 'flow-again', asked: scene.caller() });
  const second = (await scene.mail('finn@example.com')).secret;
  await assert.rejects(redeem(code, first, 'flow-again'), is('code_expired'));
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 601_000 });
  await assert.rejects(redeem(again.code, second, 'flow-again'), is('code_expired'));
  mock.timers.reset();
  const proof = await redeem(again.code, second, 'flow-again');
  assert.ok(proof.kind === 'new');
  await complete(proof.signUp, 'flow-again');
  await signIn('finn@example.com');
});

test('what cannot be is refused at once: addresses, look-alikes, passwords, usernames', async () => {
  for (const email of [
    '',
    'x',
    'a@b',
    'a@b@c.de',
    'pаypal@example.com',
    'a\0b@example.com',
    `${'x'.repeat(10_000)}@x.de`,
  ]) {
    await assert.rejects(
      begin(email, 'f'),
      (error) => isProblem(error, 'invalid_body') && error.extra.field === 'email',
    );
  }
  for (const [typed, reason] of [
    ['short', 'short'],
    ['x'.repeat(257), 'long'],
    ['x'.repeat(100_000), 'long'],
    ['Gina@Example.com', 'address'],
  ]) {
    await assert.rejects(begin('gina@example.com', 'f', { password: typed ?? '' }), (error) => {
      return isProblem(error, 'password_weak') && error.extra.reason === reason;
    });
  }
  for (const username of ['a@b.de', 'a b', '', 'x'.repeat(200), 'pаypal']) {
    await assert.rejects(begin('gina@example.com', 'f', { username }), is('invalid_body'), username);
  }
  assert.deepEqual(await scene.mailsTo('gina@example.com'), []);
});

test('emoji and 256 characters make a good password', async () => {
  const long = '🔑'.repeat(256);
  await scene.base.hasher.hash(long);
  const { code } = await begin('hana@example.com', 'flow-emoji', { password: long });
  const proof = await redeem(code, (await scene.mail('hana@example.com')).secret, 'flow-emoji');
  assert.ok(proof.kind === 'new');
  await complete(proof.signUp, 'flow-emoji');
  await signIn('hana@example.com', long);
});

test('a username is taken once', async () => {
  const { code } = await begin('ines@example.com', 'flow-u1', { username: 'ines' });
  const other = await begin('ines2@example.com', 'flow-u2', { username: 'INES' });
  const first = await redeem(code, (await scene.mail('ines@example.com')).secret, 'flow-u1');
  const second = await redeem(other.code, (await scene.mail('ines2@example.com')).secret, 'flow-u2');
  assert.ok(first.kind === 'new' && second.kind === 'new');
  await complete(first.signUp, 'flow-u1');
  await assert.rejects(complete(second.signUp, 'flow-u2'), is('identifier_taken'));
  await assert.rejects(begin('ines3@example.com', 'flow-u3', { username: 'ines' }), is('identifier_taken'));
});

test('an account that joins a customer becomes one of its identities', async () => {
  const { customer } = await scene.network('google-oauth2');
  const { code } = await begin('jo@example.com', 'flow-join');
  const proof = await redeem(code, (await scene.mail('jo@example.com')).secret, 'flow-join');
  assert.ok(proof.kind === 'new');
  const door = await complete(proof.signUp, 'flow-join', customer.id);
  assert.equal(door.customer.id, customer.id);
  assert.equal((await findById(scene.base.db, customer.id))?.email, 'jo@example.com');
  assert.deepEqual(
    (await proofsOf(scene.base.db, customer.id)).map(({ address, how }) => [address, how]),
    [['jo@example.com', 'code']],
  );
  assert.equal((await signIn('jo@example.com')).customer.id, customer.id);
});

test('profile fields become facts that the customer said', async () => {
  const flow = 'flow-profile';
  const profile = { given_name: 'Kim', user_metadata: { scent: 'iris' } };
  const { code } = await beginSignUp(scene.base, {
    connection: shop,
    email: 'kim@example.com',
    password,
    profile,
    flow,
    asked: scene.caller(),
  });
  const proof = await redeem(code, (await scene.mail('kim@example.com')).secret, flow);
  assert.ok(proof.kind === 'new');
  const { customer } = await complete(proof.signUp, flow);
  assert.equal(customer.given_name, 'Kim');
  assert.deepEqual(customer.user_metadata, { scent: 'iris' });
});
