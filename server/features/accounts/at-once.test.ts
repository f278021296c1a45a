import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { accountScene, type Scene, shop } from '../../../test/account-scene.ts';
import { testBase } from '../../../test/base.ts';
import { transact } from '../../base/db.ts';
import { lockCustomers } from '../customers/customers.ts';
import { beginEmailChange, completeEmailChange, createAccount, setIdentifiers, setPassword } from './accounts.ts';
import { readIdentifiers } from './store.ts';

// Acts on one account at the same moment: they follow each other, none waits for the other in a circle.

let scene: Scene;
before(async () => {
  scene = await accountScene(await testBase());
});
after(() => scene.base.close());

const addressesOf = async (subject: string) =>
  (await readIdentifiers(scene.base.db, [subject])).map((identifier) => identifier.value);

test('changes of the address by the umbrella at once leave one address', async () => {
  const { subject } = await scene.account('anna@example.com', 'some password');
  const wished = ['a', 'b', 'c', 'd'].map((name) => `anna-${name}@example.com`);
  await Promise.all(
    wished.map((email) => setIdentifiers(scene.base, scene.base.db, { subject, email, asked: scene.caller() })),
  );
  const left = await addressesOf(subject);
  assert.equal(left.length, 1, left.join(' '));
});

test('changes of the address by the customer at once leave one address', async () => {
  const { subject } = await scene.signUp('bob@example.com', 'some password');
  const changes = [];
  for (const name of ['a', 'b']) {
    const [email, flow, asked] = [`bob-${name}@example.com`, `flow-${name}`, scene.caller()];
    const { code } = await beginEmailChange(scene.base, { subject, email, flow, asked });
    changes.push({ code, flow, asked, typed: (await scene.mail(email)).secret, endSessions: scene.endSessions });
  }
  await Promise.allSettled(changes.map((change) => completeEmailChange(scene.base, change)));
  const left = await addressesOf(subject);
  assert.equal(left.length, 1, left.join(' '));
});

test('a password that the umbrella sets waits for the customer before it holds anything', async () => {
  const { customer, subject } = await scene.signUp('cleo@example.com', 'some password');
  const { base, endSessions } = scene;
  const setting = await transact(base.db, async (tx) => {
    await lockCustomers(tx, [customer.id]);
    const change = { subject, password: 'another password', endSessions };
    const running = setPassword(base, base.db, change);
    await waitForLock();
    // What a change by the customer writes next, and would wait for in vain.
    await sql`select from authentication_methods where subject = ${subject} for update nowait`.execute(tx);
    return { running };
  });
  await setting.running;
});

test('the umbrella makes an account while its address is being taken: one of the two is told', async () => {
  const { subject } = await scene.signUp('dora@example.com', 'some password');
  const [email, flow, asked] = ['dora-new@example.com', 'flow-d', scene.caller()];
  const { code } = await beginEmailChange(scene.base, { subject, email, flow, asked });
  const typed = (await scene.mail(email)).secret;
  const draft = { connection: shop, email, emailVerified: false, facts: [], origin: 'importer' };
  const making = await transact(scene.base.db, async (tx) => {
    await createAccount(scene.base, tx, draft);
    const change = completeEmailChange(scene.base, { code, flow, asked, typed, endSessions: scene.endSessions });
    const told = assert.rejects(change, { code: 'identifier_taken' });
    await waitForLock();
    return { told };
  });
  await making.told;
});

/** Until somebody waits for a lock of this database. */
async function waitForLock(): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const { rows } = await sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
      scene.base.db,
    );
    if (rows.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail('nobody waits');
}
