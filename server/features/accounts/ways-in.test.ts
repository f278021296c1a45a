import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accountScene, type Scene, shop } from '../../../test/account-scene.ts';
import { testBase } from '../../../test/base.ts';
import { isProblem } from '../../base/errors.ts';
import { addIdentity, removeCustomer } from '../customers/customers.ts';
import {
  beginCodeSignIn,
  checkNotLastWayIn,
  eraseAccounts,
  exportAccounts,
  removePassword,
  signInWithPassword,
  startReset,
  tellOfLink,
  waysIn,
} from './accounts.ts';

let scene: Scene;
before(async () => {
  scene = await accountScene(await testBase());
});
after(() => scene.base.close());

const password = 'a good long password';
const isLast = (error: unknown) => isProblem(error, 'last_way_in');
const google = () => {
  const at = new Date();
  return { provider: 'google-oauth2', connection: 'google-oauth2', isSocial: true, facts: [], proofs: [], at };
};
const passwordOf = async (customer: string) => {
  const way = (await waysIn(scene.base.db, customer)).find((one) => one.kind === 'password');
  return way?.kind === 'password' ? way.id : assert.fail('no password');
};

test('the last way in cannot be removed: password, network and proven address count', async () => {
  const { customer, subject } = await scene.account('ada@example.com', password);
  const method = await passwordOf(customer.id);
  await assert.rejects(checkNotLastWayIn(scene.base.db, customer.id, { subject }), isLast);
  await assert.rejects(
    removePassword(scene.base, { customer: customer.id, method, asked: scene.caller() }),
    isLast,
    'the address was never proven, so no code opens the account',
  );
  const network = await addIdentity(scene.base.db, customer.id, google());
  await checkNotLastWayIn(scene.base.db, customer.id, { subject: network.subject });
  await checkNotLastWayIn(scene.base.db, customer.id, { subject });
  await removePassword(scene.base, { customer: customer.id, method, asked: scene.caller() });
  assert.equal((await scene.mail('ada@example.com')).kind, 'password_removed');
  await assert.rejects(checkNotLastWayIn(scene.base.db, customer.id, { subject: network.subject }), isLast);
  await assert.rejects(
    signInWithPassword(scene.base, {
      connection: shop,
      identifier: 'ada@example.com',
      password,
      asked: scene.caller(),
    }),
  );
  await assert.rejects(removePassword(scene.base, { customer: customer.id, method, asked: scene.caller() }), (error) =>
    isProblem(error, 'not_found'),
  );
});

test('a proven address opens the account by a code, so its password may go', async () => {
  const { customer, subject } = await scene.signUp('bea@example.com', password);
  await removePassword(scene.base, {
    customer: customer.id,
    method: await passwordOf(customer.id),
    asked: scene.caller(),
  });
  assert.deepEqual(await waysIn(scene.base.db, customer.id), [{ kind: 'code', subject, address: 'bea@example.com' }]);
});

test('nobody removes the password of somebody else', async () => {
  const [one, other] = [
    await scene.signUp('cleo@example.com', password),
    await scene.signUp('dora@example.com', password),
  ];
  const method = await passwordOf(other.customer.id);
  await assert.rejects(
    removePassword(scene.base, { customer: one.customer.id, method, asked: scene.caller() }),
    (error) => isProblem(error, 'not_found'),
  );
});

test('security row 5: the notice of a link names both accounts and goes to every proven address', async () => {
  const { customer } = await scene.signUp('emil@example.com', password);
  const accounts = ['emil@example.com', 'Google (emil@gmail.com)'] as const;
  await tellOfLink(scene.base, scene.base.db, {
    customer: customer.id,
    what: 'linked',
    accounts,
    asked: scene.caller(),
  });
  const { kind, text } = await scene.mail('emil@example.com');
  assert.ok(kind === 'linked' && text.includes(accounts[0]) && text.includes(accounts[1]));
});

test('erasure leaves nothing: no identifier, way in, code, counter or mail; export has no secrets', async () => {
  const { customer, subject } = await scene.signUp('finn@example.com', password);
  const asked = scene.caller();
  const door = { connection: shop, identifier: 'finn@example.com', password: 'wrong', asked };
  await assert.rejects(signInWithPassword(scene.base, door));
  await startReset(scene.base, { connection: shop, identifier: 'finn@example.com', asked });
  await beginCodeSignIn(scene.base, { email: 'finn@example.com', flow: 'flow', asked });
  const exported = JSON.stringify(await exportAccounts(scene.base.db, customer.id));
  assert.ok(exported.includes('finn@example.com') && !exported.includes('argon2'));
  const { endSessions } = scene;
  await removeCustomer(scene.base.db, customer.id, { at: new Date(), endSessions, others: [eraseAccounts] });
  for (const table of ['authentication_methods', 'login_identifiers', 'one_time_codes', 'outbox', 'attempts']) {
    const { rows } = await scene.base.pool.query(`select t::text as row from ${table} t`);
    const all = rows.map((row) => row.row).join('\n');
    for (const trace of ['finn@example.com', subject, customer.id])
      assert.ok(!all.includes(trace), `${table} ${trace}`);
  }
  await scene.signUp('finn@example.com', password);
});
