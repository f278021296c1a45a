import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Kysely, PostgresDialect } from 'kysely';
import { testDatabase } from '../../../test/database.ts';
import { networkIdentity, passwordIdentity, saying } from '../../../test/people.ts';
import type { Db } from '../../base/db.ts';
import { isProblem } from '../../base/errors.ts';
import type { DB } from '../../base/generated/schema.ts';
import * as customers from './customers.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Db;
let watched: Db;
const statements: string[] = [];
before(async () => {
  database = await testDatabase();
  db = database.db;
  const dialect = new PostgresDialect({ pool: database.pool });
  watched = new Kysely<DB>({ dialect, log: ({ query }) => void statements.push(query.sql) });
});
after(() => database.close());

function factRows(subject: string) {
  return db.selectFrom('facts').selectAll().where('subject', '=', subject).orderBy('at').orderBy('id').execute();
}

test('a sign-in at which the network tells the same writes no fact and takes one read', async () => {
  const told = { email: 'same@gmail.com', given_name: 'Jane', likes: [{ id: '1', name: 'Roses' }] };
  const draft = networkIdentity('google-oauth2', '1', told, { proves: 'same@gmail.com' });
  const { subject } = await customers.createCustomer(db, draft);
  const rows = await factRows(subject);

  statements.length = 0;
  const later = new Date(Date.now() + 60_000);
  const again = saying({ ...told, email: 'Same@Gmail.com' }, { source: 'network', origin: 'google-oauth2', at: later });
  const proofs = draft.proofs.map((proof) => ({ ...proof, at: later }));
  assert.deepEqual(await customers.learn(watched, subject, again, proofs), []);
  assert.equal(statements.length, 1, statements.join('\n'));
  assert.match(statements[0] ?? '', /^\s*select/);
  assert.deepEqual(await factRows(subject), rows);
});

test('a change closes the old fact and adds one; history stays', async () => {
  const { customer, subject } = await customers.createCustomer(
    db,
    networkIdentity('google-oauth2', '2', { given_name: 'Jane', family_name: 'Doe' }),
  );
  const before = await factRows(subject);
  const at = new Date(Date.now() + 1000);
  const changed = await customers.learn(
    db,
    subject,
    saying({ given_name: 'Janet', family_name: 'Doe' }, { source: 'network', origin: 'google-oauth2', at }),
  );
  assert.deepEqual(changed, ['given_name']);
  const rows = await factRows(subject);
  assert.equal(rows.length, 3);
  for (const old of before) {
    const now = rows.find((row) => row.id === old.id);
    assert.deepEqual({ ...now, until: null }, old, 'a closed row keeps all that it said');
  }
  assert.equal(rows.filter((row) => row.path === 'given_name' && row.until === null).length, 1);
  assert.equal((await customers.findById(db, customer.id))?.given_name, 'Janet');
});

test('the customer’s last word holds, also when it is an old one said again', async () => {
  const { customer, subject } = await customers.createCustomer(db, passwordIdentity('word@example.com'));
  let minute = Date.now();
  const next = () => {
    minute += 60_000;
    return new Date(minute);
  };
  await customers.learn(db, subject, saying({ given_name: 'Jane' }, { at: next() }));
  const said = { source: 'umbrella', origin: 'crm' } as const;
  await customers.update(db, customer.id, { root: { given_name: 'JANE' } }, { ...said, at: next() });
  assert.deepEqual(await customers.learn(db, subject, saying({ given_name: 'Jane' }, { at: next() })), ['given_name']);
  assert.equal((await customers.findById(db, customer.id))?.given_name, 'Jane');
  assert.deepEqual(
    await customers.learn(db, subject, saying({ given_name: 'Jane' }, { at: next() })),
    [],
    'now it holds',
  );
});

test('a withdrawn value is brought back by no later sign-in, but by the customer', async () => {
  const google = { source: 'network', origin: 'google-oauth2' } as const;
  const { customer, subject } = await customers.createCustomer(
    db,
    networkIdentity('google-oauth2', '3', { gender: 'female', likes: ['a', 'b'] }),
  );
  const at = (seconds: number) => new Date(Date.now() + seconds * 1000);
  const mine = { source: 'customer', origin: 'account' } as const;
  await customers.learn(db, subject, [
    { path: 'gender', kind: 'withdrawn', ...mine, at: at(1) },
    { path: 'likes', kind: 'excluded', value: 'b', ...mine, at: at(1) },
  ]);
  await customers.learn(db, subject, saying({ gender: 'f', likes: ['b', 'c'] }, { ...google, at: at(2) }));
  const told = await customers.findById(db, customer.id);
  assert.equal(told?.attributes.gender, undefined);
  assert.deepEqual(told?.attributes.likes, ['c']);
  await customers.learn(db, subject, saying({ gender: 'woman', likes: ['b'] }, { ...mine, at: at(3) }));
  const said = await customers.findById(db, customer.id);
  assert.deepEqual([said?.attributes.gender, said?.attributes.likes], ['woman', ['b']]);
});

test('it answers the paths that have another value now, not those of facts that change none', async () => {
  const told = { name: 'Ada Low', likes: ['a', 'b'] };
  const { subject } = await customers.createCustomer(db, networkIdentity('google-oauth2', '30', told));
  const rule = { source: 'rule', origin: 'library:names' } as const;
  const network = { source: 'network', origin: 'google-oauth2' } as const;
  const learn = (values: Parameters<typeof saying>[0], said: Parameters<typeof saying>[1]) =>
    customers.learn(db, subject, saying(values, { at: new Date(), ...said }));
  assert.deepEqual(await learn({ name: 'Ada', given_name: 'Ada' }, rule), ['given_name']);
  assert.equal((await factRows(subject)).filter(({ source }) => source === 'rule').length, 2, 'both are kept');
  assert.deepEqual(await learn({ given_name: 'Ada' }, network), [], 'somebody better says the same');
  assert.deepEqual(await learn({ given_name: 'Eve' }, network), ['given_name']);
  const mine = { source: 'customer', origin: 'account', at: new Date(Date.now() + 1000) } as const;
  const gone = await customers.learn(db, subject, [
    { path: 'likes', kind: 'excluded', value: 'x', ...mine },
    { path: 'name', kind: 'withdrawn', ...mine },
  ]);
  assert.deepEqual(gone, ['name']);
});

test('what comes late does not replace what is newer', async () => {
  const { customer, subject } = await customers.createCustomer(db, passwordIdentity('late@example.com'));
  const at = (seconds: number) => new Date(Date.now() + seconds * 1000);
  await customers.learn(db, subject, saying({ locale: 'fr' }, { at: at(20) }));
  assert.deepEqual(await customers.learn(db, subject, saying({ locale: 'de' }, { at: at(10) })), []);
  assert.equal((await customers.findById(db, customer.id))?.attributes.locale, 'fr');
});

test('what a customer can have is limited to 1,000 paths', async () => {
  const { subject } = await customers.createCustomer(db, passwordIdentity('many@example.com'));
  const values = (from: number, to: number) =>
    Object.fromEntries(Array.from({ length: to - from }, (_, index) => [`user_metadata.k${from + index}`, 1]));
  await customers.learn(db, subject, saying(values(0, 999)));
  const isTooMany = (error: unknown) => isProblem(error, 'invalid_body');
  await assert.rejects(customers.learn(db, subject, saying({ gender: 'x' })), isTooMany);
  assert.deepEqual(
    await customers.learn(db, subject, saying({ gender: 'x' }, { source: 'network', origin: 'n' })),
    [],
    'a network is not refused, its customer would be kept out',
  );
  assert.deepEqual(await customers.learn(db, subject, saying({ 'user_metadata.k1': 2 })), ['user_metadata.k1']);
});

test('twenty at once for two subjects of one customer leave no stale profile', async () => {
  const one = await customers.createCustomer(db, networkIdentity('google-oauth2', '20'));
  const two = await customers.addIdentity(db, one.customer.id, networkIdentity('facebook', '20'));
  const subjects = [one.subject, two.subject];
  const at = new Date();
  await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      customers.learn(
        db,
        subjects[index % 2] ?? '',
        saying({ [`user_metadata.k${index}`]: index, shared: index }, { source: 'network', origin: `n${index}`, at }),
      ),
    ),
  );
  const customer = await customers.findById(db, one.customer.id);
  assert.equal(Object.keys(customer?.user_metadata ?? {}).length, 20);
  assert.deepEqual(await customers.refold(db, one.customer.id), customer, 'folded anew it is the same');
});

test('twenty at once who tell the same write it once', async () => {
  const { subject } = await customers.createCustomer(db, networkIdentity('google-oauth2', '21'));
  const told = saying({ given_name: 'Jane' }, { source: 'network', origin: 'google-oauth2' });
  const changed = await Promise.all(Array.from({ length: 20 }, () => customers.learn(db, subject, told)));
  assert.equal(changed.filter((paths) => paths.length > 0).length, 1);
  assert.equal((await factRows(subject)).length, 1);
});

test('a proof by code is as new as it was last used; by a provider it is kept once', async () => {
  const { subject, customer } = await customers.createCustomer(db, passwordIdentity('p@example.com'));
  const first = new Date('2026-01-01T00:00:00Z');
  const later = new Date('2026-02-01T00:00:00Z');
  const proof = { kind: 'email', address: 'P@example.com', origin: 'x' } as const;
  for (const at of [first, later]) {
    await customers.prove(db, subject, { ...proof, how: 'code', at });
    await customers.learn(db, subject, [], [{ ...proof, how: 'provider', at }]);
  }
  const proofs = await customers.proofsOf(db, customer.id);
  const times = Object.fromEntries(proofs.map(({ how, at }) => [how, at]));
  assert.deepEqual(times, { code: later, provider: first });
  assert.equal((await customers.findById(db, customer.id))?.email_verified, true);
  assert.equal((await customers.disprove(db, customer.id, 'email', 'p@example.com')).email_verified, false);
});
