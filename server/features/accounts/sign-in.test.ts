import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { hash as argon2Hash } from '@node-rs/argon2';
import { accountScene, type Scene, shop } from '../../../test/account-scene.ts';
import { testBase } from '../../../test/base.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import { setBlocked, timelineOf } from '../customers/customers.ts';
import {
  type Asked,
  blocksOf,
  changePassword,
  createAccount,
  recordUse,
  setPassword,
  signInWithPassword,
  unblock,
} from './accounts.ts';

let scene: Scene;
before(async () => {
  scene = await accountScene(await testBase());
});
after(() => scene.base.close());

const password = 'a good long password';
const signIn = (identifier: string, typed = password, asked: Asked = scene.caller()) =>
  signInWithPassword(scene.base, { connection: shop, identifier, password: typed, asked });
const refused = (code: 'wrong_credentials' | 'too_many_attempts' | 'user_blocked') => (error: unknown) =>
  isProblem(error, code);

test('signs in with the address in any spelling; the way in is noted in the recording transaction', async () => {
  const { customer, subject } = await scene.signUp('ada@example.com', password);
  for (const typed of ['ada@example.com', ' Ada@EXAMPLE.com ', 'ａda@example.com']) {
    const door = await signIn(typed);
    assert.equal(door.customer.id, customer.id);
    assert.equal(door.subject, subject);
    await recordUse(scene.base.db, { subject, methodId: door.methodId, at: new Date() });
  }
});

test('security row 19, enumeration: one hash, the same statements and answer without an account', async () => {
  await scene.signUp('bea@example.com', password);
  await scene.network('google-oauth2');
  await scene.account('nopassword@example.com');
  const seen = new Set<string>();
  for (const identifier of [
    'bea@example.com',
    'nobody@example.com',
    'nopassword@example.com',
    'nobody',
    'no@body@x',
    '',
  ]) {
    const statements: number[] = [];
    // The fewest of three: the settings are looked at every second, too.
    for (let i = 0; i < 3; i += 1) {
      const hashes = scene.base.hasher.work().done;
      const asked = scene.caller();
      const count = await countStatements(() =>
        assert.rejects(signIn(identifier, 'wrong password', asked), (error) => {
          assert.ok(error instanceof Problem);
          const { reset: _reset, ...extra } = error.extra;
          seen.add(JSON.stringify([error.code, error.status, error.message, extra]));
          return true;
        }),
      );
      statements.push(count);
      assert.equal(scene.base.hasher.work().done, hashes + 1, identifier);
    }
    seen.add(`statements ${Math.min(...statements)}`);
  }
  assert.equal(seen.size, 2, [...seen].join('\n'));
});

/** How many statements reach the database while `act` runs. */
async function countStatements(act: () => Promise<unknown>): Promise<number> {
  const { pool } = scene.base;
  let count = 0;
  const listener = () => {
    count += 1;
  };
  pool.on('acquire', listener);
  await act();
  pool.off('acquire', listener);
  return count;
}

test('security row 15: e-mail address and username of one customer count together', async () => {
  const { customer } = await createAccount(scene.base, scene.base.db, {
    connection: shop,
    email: 'cleo@example.com',
    username: 'cleo',
    password,
    emailVerified: true,
    facts: [],
    origin: 'importer',
  });
  const here = scene.caller();
  for (let i = 0; i < 5; i += 1) {
    await assert.rejects(signIn('cleo', 'wrong', here), refused('wrong_credentials'));
    await assert.rejects(signIn('CLEO@example.com', 'wrong', here), refused('wrong_credentials'));
  }
  await assert.rejects(signIn('cleo', password, here), refused('too_many_attempts'));
  await assert.rejects(signIn('cleo@example.com', password, here), refused('too_many_attempts'));
  assert.equal((await blocksOf(scene.base, { identifier: 'Cleo@example.com' })).length, 1);
  assert.equal((await blocksOf(scene.base, { customer: customer.id }))[0]?.ip, here.ip);
  await unblock(scene.base, { identifier: 'cleo' });
  assert.equal((await signIn('cleo', password, here)).customer.id, customer.id);
});

test('fifty wrong passwords at once: never more than ten hashes', async () => {
  await scene.signUp('dora@example.com', password);
  for (const identifier of ['dora@example.com', 'nobody-dora@example.com']) {
    const hashes = scene.base.hasher.work().done;
    const here = scene.caller();
    const all = await Promise.allSettled(Array.from({ length: 50 }, () => signIn(identifier, 'wrong', here)));
    assert.ok(all.every((one) => one.status === 'rejected'));
    assert.ok(scene.base.hasher.work().done - hashes <= 10);
    await assert.rejects(signIn(identifier, password, here), refused('too_many_attempts'));
  }
});

test('a blocked customer is told so only with the right password', async () => {
  const { customer } = await scene.signUp('eve@example.com', password);
  await setBlocked(scene.base.db, customer.id, true, { by: 'api', origin: 'test', at: new Date() });
  await assert.rejects(signIn('eve@example.com', 'wrong'), refused('wrong_credentials'));
  await assert.rejects(signIn('eve@example.com'), refused('user_blocked'));
});

test('an outdated hash is replaced at the next sign-in', async () => {
  const { subject } = await scene.signUp('finn@example.com', password);
  const weak = await argon2Hash(password, { memoryCost: 4096, timeCost: 1, parallelism: 1 });
  await scene.base.db
    .updateTable('authentication_methods')
    .set({ data: JSON.stringify({ hash: weak }) })
    .where('subject', '=', subject)
    .execute();
  await signIn('finn@example.com');
  const row = await scene.base.db
    .selectFrom('authentication_methods')
    .select('data')
    .where('subject', '=', subject)
    .executeTakeFirstOrThrow();
  assert.match(JSON.stringify(row.data), /m=19456,t=2,p=1/);
  await signIn('finn@example.com');
});

test('control characters and very long input are wrong like anything else', async () => {
  for (const typed of ['a\0b@example.com', 'x'.repeat(10_000), `${'x'.repeat(10_000)}@example.com`, '\ud800']) {
    await assert.rejects(signIn(typed, 'y'.repeat(10_000)), refused('wrong_credentials'));
  }
  await assert.rejects(signIn('finn@example.com', 'pass\0word'), refused('wrong_credentials'));
});

test('failures stand in the timeline of whom they were aimed at', async () => {
  const { customer } = await scene.signUp('gina@example.com', password);
  await assert.rejects(signIn('gina@example.com', 'wrong'));
  const { entries } = await timelineOf(scene.base.db, customer.id, { perPage: 10 });
  const row = entries.find((entry) => entry.name === 'wrong_password');
  assert.ok(row?.ip && row.class === 'sign_in');
  assert.ok(!JSON.stringify(entries).includes('wrong"'), 'no secret in it');
});

test('changing the password needs the present one, ends sessions, tells all proven addresses', async () => {
  const { customer, subject } = await scene.signUp('hana@example.com', password);
  const change = (current: string, next: string, asked = scene.caller()) =>
    changePassword(scene.base, { subject, current, next, asked, endSessions: scene.endSessions });
  await assert.rejects(change('wrong', 'another good password'), refused('wrong_credentials'));
  await assert.rejects(change(password, 'short'), (error) => isProblem(error, 'password_weak'));
  await assert.rejects(change(password, 'HANA@example.com'), (error) => isProblem(error, 'password_weak'));
  assert.ok(!scene.ended.includes(customer.id));
  const { methodId } = await signIn('hana@example.com');
  await change(password, 'another good password');
  assert.ok(scene.ended.includes(customer.id));
  assert.equal((await scene.mail('hana@example.com')).kind, 'password_changed');
  await assert.rejects(signIn('hana@example.com'), refused('wrong_credentials'));
  await signIn('hana@example.com', 'another good password');
  const late = recordUse(scene.base.db, { subject, methodId, at: new Date() });
  await assert.rejects(late, refused('wrong_credentials'), 'who was still on the way with the old one');
});

test('guessing the present password counts together with signing in', async () => {
  const { subject } = await scene.signUp('ida@example.com', password);
  const asked = scene.caller();
  for (let i = 0; i < 5; i += 1) await assert.rejects(signIn('ida@example.com', 'wrong', asked));
  for (let i = 0; i < 5; i += 1) {
    const change = { subject, current: 'wrong', next: password, asked, endSessions: scene.endSessions };
    await assert.rejects(changePassword(scene.base, change), refused('wrong_credentials'));
  }
  await assert.rejects(signIn('ida@example.com', password, asked), refused('too_many_attempts'));
});

test('two changes at once: one wins', async () => {
  const { subject } = await scene.signUp('jo@example.com', password);
  const change = (next: string) =>
    changePassword(scene.base, {
      subject,
      current: password,
      next,
      asked: scene.caller(),
      endSessions: scene.endSessions,
    });
  const both = await Promise.allSettled([change('first good password'), change('second good password')]);
  assert.equal(both.filter((one) => one.status === 'fulfilled').length, 1);
});

test('the umbrella sets a password: sessions end, blocks are lifted', async () => {
  const { customer, subject } = await scene.signUp('kim@example.com', password);
  const here = scene.caller();
  for (let i = 0; i < 10; i += 1) await assert.rejects(signIn('kim@example.com', 'wrong', here));
  await setPassword(scene.base, scene.base.db, {
    subject,
    password: 'set by the umbrella',
    endSessions: scene.endSessions,
  });
  assert.ok(scene.ended.includes(customer.id));
  await signIn('kim@example.com', 'set by the umbrella', here);
});
