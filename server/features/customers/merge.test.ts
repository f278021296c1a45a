import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { testDatabase } from '../../../test/database.ts';
import { act, networkIdentity, passwordIdentity, saying } from '../../../test/people.ts';
import type { Db } from '../../base/db.ts';
import { isProblem } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';
import * as customers from './customers.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Db;
before(async () => {
  database = await testDatabase();
  db = database.db;
});
after(() => database.close());

let made = 0;
/** A customer by password and one by Google, with a sign-in each. */
async function twoCustomers() {
  made += 1;
  const own = await customers.createCustomer(db, passwordIdentity(`jane${made}@example.com`, { proven: true }));
  const google = await customers.createCustomer(
    db,
    networkIdentity('google-oauth2', `m${made}`, { given_name: 'Jane', 'user_metadata.scents': ['rose'] }),
  );
  const at = new Date();
  const came = (device: 'phone' | 'desktop') => ({
    brand: uuid(),
    context: { portal: null, brand: null, connection: 'c', country: null, language: null, device, hour: 9 },
  });
  await customers.recordSignIn(db, { subject: own.subject, at, ip: '192.0.2.1', ...came('phone') });
  const later = new Date(at.getTime() + 1);
  await customers.recordSignIn(db, { subject: google.subject, at: later, ip: '192.0.2.2', ...came('desktop') });
  return { own, google };
}

/** All that a merge and its undoing must give back; the time of the change is no part of it. */
async function exactly(id: string) {
  const found = await db.selectFrom('customers').selectAll().where('id', '=', id).executeTakeFirst();
  assert.ok(found);
  const { updated_at, ...row } = found;
  return { row, identities: await customers.identitiesOf(db, id), previous: await customers.previousIds(db, id) };
}

test('a merge makes one profile of two; the loser’s id goes on resolving', async () => {
  const { own, google } = await twoCustomers();
  const merged = await customers.merge(db, { ...act(), winner: own.customer.id, loser: google.customer.id });
  assert.equal(merged.user_id, own.customer.user_id);
  assert.equal(merged.given_name, 'Jane');
  assert.deepEqual(merged.user_metadata, { scents: ['rose'] });
  assert.equal(merged.logins_count, 2);
  assert.equal(merged.last_ip, '192.0.2.2');
  assert.deepEqual(await customers.findByUserId(db, google.customer.user_id), merged);
  assert.deepEqual(await customers.findById(db, google.customer.id), merged);
  assert.deepEqual(await customers.previousIds(db, merged.id), [google.customer.user_id]);
  assert.deepEqual(
    (await customers.identitiesOf(db, merged.id)).map((one) => [one.provider, one.is_primary]),
    [
      ['auth0', true],
      ['google-oauth2', false],
    ],
  );
  const names = (await customers.timelineOf(db, merged.id, { perPage: 10 })).entries.map((row) => row.name);
  assert.deepEqual(names.toSorted(), ['merged', 'merged_into']);
});

test('the loser’s row keeps nothing of the person', async () => {
  const { own, google } = await twoCustomers();
  await customers.merge(db, { ...act(), winner: own.customer.id, loser: google.customer.id });
  const { row } = await exactly(google.customer.id);
  assert.deepEqual([row.attributes, row.user_metadata, row.given_name, row.logins_count], [{}, {}, null, 0]);
  assert.equal(row.last_sign_in, null);
});

test('a merge ends the loser’s sessions and settles consents before anything moves', async () => {
  const { own, google } = await twoCustomers();
  const calls: string[] = [];
  await customers.merge(db, {
    ...act(),
    winner: own.customer.id,
    loser: google.customer.id,
    endSessions: async (tx, id) => {
      assert.equal((await customers.findBySubject(tx, google.subject))?.id, id);
      calls.push(`end ${id}`);
    },
    settleConsents: async (tx, winner, loser) => {
      assert.equal((await customers.findBySubject(tx, google.subject))?.id, loser);
      calls.push(`settle ${winner} ${loser}`);
    },
  });
  const [winner, loser] = [own.customer.id, google.customer.id];
  assert.deepEqual(calls, [`settle ${winner} ${loser}`, `end ${loser}`]);
});

test('repeated, also the other way round, a merge does nothing', async () => {
  const { own, google } = await twoCustomers();
  const merged = await customers.merge(db, { ...act(), winner: own.customer.id, loser: google.customer.id });
  const [winner, loser] = [own.customer.id, google.customer.id];
  assert.deepEqual(await customers.merge(db, { ...act(), winner, loser }), merged);
  assert.deepEqual(await customers.merge(db, { ...act(), winner: loser, loser: winner }), merged);
  const rows = await db.selectFrom('merges').select('id').where('winner', '=', winner).execute();
  assert.equal(rows.length, 1);
});

test('ids of merged customers mean the living one', async () => {
  const [one, two, three] = [await twoCustomers(), await twoCustomers(), await twoCustomers()];
  await customers.merge(db, { ...act(), winner: one.own.customer.id, loser: two.own.customer.id });
  await customers.merge(db, { ...act(), winner: three.own.customer.id, loser: one.google.customer.id });
  const merged = await customers.merge(db, {
    ...act(),
    winner: one.google.customer.id,
    loser: two.own.customer.id,
  });
  assert.equal(merged.id, three.own.customer.id);
  assert.equal((await customers.identitiesOf(db, merged.id)).length, 4);
});

test('an unknown customer cannot be merged', async () => {
  const { own } = await twoCustomers();
  const loser = '00000000-0000-7000-8000-000000000000';
  await assert.rejects(customers.merge(db, { ...act(), winner: own.customer.id, loser }), (error) =>
    isProblem(error, 'not_found'),
  );
});

test('who merges with a blocked customer is blocked, and is no longer when it is taken apart', async () => {
  const { own, google } = await twoCustomers();
  await customers.setBlocked(db, google.customer.id, true, act());
  const merged = await customers.merge(db, { ...act(), winner: own.customer.id, loser: google.customer.id });
  assert.equal(merged.blocked, true);
  const [row] = await db.selectFrom('merges').select('id').where('winner', '=', merged.id).execute();
  const { winner, loser } = await customers.unmerge(db, row?.id ?? '', act());
  assert.deepEqual([winner.blocked, loser.blocked], [false, true]);
});

test('taken apart at once, both are exactly what they were', async () => {
  const { own, google } = await twoCustomers();
  const before = [await exactly(own.customer.id), await exactly(google.customer.id)];
  await customers.merge(db, { ...act(), winner: own.customer.id, loser: google.customer.id });
  const [row] = await db.selectFrom('merges').select('id').where('winner', '=', own.customer.id).execute();
  await customers.unmerge(db, row?.id ?? '', act());
  assert.deepEqual([await exactly(own.customer.id), await exactly(google.customer.id)], before);
  await assert.rejects(customers.unmerge(db, row?.id ?? '', act()), (error) => isProblem(error, 'not_found'));
});

test('taken apart later, each keeps what was learned of its own subjects', async () => {
  const { own, google } = await twoCustomers();
  await customers.merge(db, { ...act(), winner: own.customer.id, loser: google.customer.id });
  const at = new Date(Date.now() + 1000);
  await customers.learn(db, own.subject, saying({ 'user_metadata.size': 'M' }, { at }));
  await customers.learn(db, google.subject, saying({ given_name: 'Janet' }, { at }));
  const [row] = await db.selectFrom('merges').select('id').where('winner', '=', own.customer.id).execute();
  const { winner, loser } = await customers.unmerge(db, row?.id ?? '', act());
  assert.deepEqual([winner.user_metadata, winner.given_name], [{ size: 'M' }, null]);
  assert.deepEqual([loser.user_metadata, loser.given_name], [{ scents: ['rose'] }, 'Janet']);
});

test('the inner of two merges is taken apart without the outer', async () => {
  const [one, two] = [await twoCustomers(), await twoCustomers()];
  const [inner, middle, outer] = [one.google.customer, one.own.customer, two.own.customer];
  await customers.merge(db, { ...act(), winner: middle.id, loser: inner.id });
  const [row] = await db.selectFrom('merges').select('id').where('winner', '=', middle.id).execute();
  await customers.merge(db, { ...act(), winner: outer.id, loser: middle.id });
  const { winner, loser } = await customers.unmerge(db, row?.id ?? '', act());
  assert.deepEqual([winner.id, loser.id], [outer.id, inner.id]);
  assert.equal((await customers.findByUserId(db, inner.user_id))?.id, inner.id);
  assert.equal((await customers.findByUserId(db, middle.user_id))?.id, outer.id);
});

test('what was unlinked in between does not go back, though it was linked again', async () => {
  const { own, google } = await twoCustomers();
  const extra = networkIdentity('facebook', `extra${made}`);
  const { subject } = await customers.addIdentity(db, google.customer.id, extra);
  await customers.merge(db, { ...act(), winner: own.customer.id, loser: google.customer.id });
  const [row] = await db.selectFrom('merges').select('id').where('winner', '=', own.customer.id).execute();
  const { separated } = await customers.unlink(db, own.customer.id, subject, act());
  await customers.merge(db, { ...act(), winner: own.customer.id, loser: separated.id });
  const { winner, loser } = await customers.unmerge(db, row?.id ?? '', act());
  assert.equal((await customers.findBySubject(db, subject))?.id, winner.id);
  assert.equal((await customers.findBySubject(db, google.subject))?.id, loser.id);
});

test('taken apart, each has a primary identity of its own', async () => {
  const { own, google } = await twoCustomers();
  const { subject } = await customers.addIdentity(db, own.customer.id, networkIdentity('facebook', `p${made}`));
  await customers.merge(db, { ...act(), winner: own.customer.id, loser: google.customer.id });
  const [row] = await db.selectFrom('merges').select('id').where('winner', '=', own.customer.id).execute();
  // The winner's own goes: the loser's, the oldest left, becomes primary, and then goes, too.
  await customers.unlink(db, own.customer.id, own.subject, act());
  const [primary] = await customers.identitiesOf(db, own.customer.id);
  assert.deepEqual([primary?.subject, primary?.is_primary], [google.subject, true]);
  const { winner, loser } = await customers.unmerge(db, row?.id ?? '', act());
  const primaries = [await customers.identitiesOf(db, winner.id), await customers.identitiesOf(db, loser.id)];
  assert.deepEqual(
    primaries.map((list) => list.map((one) => [one.subject, one.is_primary])),
    [[[subject, true]], [[google.subject, true]]],
  );
});

test('nobody is left without an identity by taking a merge apart', async () => {
  const { own, google } = await twoCustomers();
  await customers.merge(db, { ...act(), winner: own.customer.id, loser: google.customer.id });
  const [row] = await db.selectFrom('merges').select('id').where('winner', '=', own.customer.id).execute();
  await customers.unlink(db, own.customer.id, own.subject, act());
  await assert.rejects(customers.unmerge(db, row?.id ?? '', act()), (error) => isProblem(error, 'last_way_in'));
  assert.equal((await customers.findByUserId(db, google.customer.user_id))?.id, own.customer.id, 'nothing moved');
});

test('both are locked in the order of their ids, whoever is the winner', async () => {
  for (const first of ['winner', 'loser'] as const) {
    const { own, google } = await twoCustomers();
    const [low = '', high = ''] = [own.customer.id, google.customer.id].toSorted();
    const pair = first === 'winner' ? { winner: low, loser: high } : { winner: high, loser: low };
    let merging: Promise<unknown> = Promise.resolve();
    await db.transaction().execute(async (tx) => {
      await customers.lockCustomers(tx, [low]);
      merging = customers.merge(db, { ...act(), ...pair });
      await untilSomebodyWaits();
      // Had the merge locked the other one first, this would wait for it, and it for us.
      await sql`select 1 from customers where id = ${high} for update nowait`.execute(tx);
    });
    await merging;
  }
});

test('a sign-in that waits for a merge is counted where it belongs', async () => {
  const { own, google } = await twoCustomers();
  let waiting: ReturnType<typeof customers.recordSignIn> | undefined;
  await db.transaction().execute(async (tx) => {
    await customers.merge(tx, { ...act(), winner: own.customer.id, loser: google.customer.id });
    waiting = customers.recordSignIn(db, { subject: google.subject, at: new Date(), ip: null });
    await untilSomebodyWaits();
  });
  await waiting;
  const merged = await customers.findById(db, own.customer.id);
  assert.equal(merged?.logins_count, 3);
  assert.deepEqual(await customers.refold(db, own.customer.id), merged);
});

/** Waits until a statement of this database waits for a lock. */
async function untilSomebodyWaits(): Promise<void> {
  const waiting = sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  for (const end = Date.now() + 10_000; (await waiting.execute(db)).rows.length === 0; ) {
    assert.ok(Date.now() < end, 'nobody waits');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('twenty merges at once, crossing each other, end in one customer', async () => {
  const people = await Promise.all(
    Array.from({ length: 5 }, (_, index) => customers.createCustomer(db, networkIdentity('github', `cross${index}`))),
  );
  const ids = people.map(({ customer }) => customer.id);
  const at = (index: number) => ids[index % ids.length] ?? '';
  await Promise.all(
    Array.from({ length: 20 }, (_, index) => {
      const [winner, loser] = [at(index), at(index + 1 + (index % 4))];
      return customers.merge(db, { ...act(), winner, loser });
    }),
  );
  const living = new Set(await Promise.all(ids.map(async (id) => (await customers.findById(db, id))?.id)));
  assert.equal(living.size, 1);
  const [id = ''] = living;
  assert.equal((await customers.identitiesOf(db, id)).length, 5);
  const { count } = await db
    .selectFrom('merges')
    .select((select) => select.fn.countAll<string>().as('count'))
    .where('loser', 'in', ids)
    .executeTakeFirstOrThrow();
  assert.equal(count, '4');
});

test('twenty pairs that merge each other both ways at once do not wait for each other for ever', async () => {
  const { own, google } = await twoCustomers();
  const [one, two] = [own.customer.id, google.customer.id];
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      customers.merge(db, { ...act(), ...(index % 2 ? { winner: one, loser: two } : { winner: two, loser: one }) }),
    ),
  );
  assert.equal(new Set(results.map(({ id }) => id)).size, 1);
});

test('sign-ins and learning while a merge runs are neither lost nor counted twice', async () => {
  const { own, google } = await twoCustomers();
  const before = own.customer.id;
  const signIns = Array.from({ length: 10 }, (_, index) =>
    customers.recordSignIn(db, { subject: google.subject, at: new Date(Date.now() + index), ip: null }),
  );
  const learned = Array.from({ length: 10 }, (_, index) =>
    customers.learn(db, google.subject, saying({ [`user_metadata.during${index}`]: index })),
  );
  await Promise.all([
    ...signIns,
    customers.merge(db, { ...act(), winner: before, loser: google.customer.id }),
    ...learned,
  ]);
  const merged = await customers.findById(db, before);
  assert.equal(merged?.logins_count, 12);
  assert.equal(Object.keys(merged?.user_metadata ?? {}).length, 11);
  assert.deepEqual(await customers.refold(db, before), merged, 'folded anew it is the same');
});
