import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { testDatabase } from '../../../test/database.ts';
import { networkIdentity } from '../../../test/people.ts';
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

test('a sign-in is counted for the customer, the subject, the brand and the device', async () => {
  const { customer, subject } = await customers.createCustomer(db, networkIdentity('github', 'r1'));
  const [first, second] = [new Date('2026-03-01T10:00:00Z'), new Date('2026-03-02T10:00:00Z')];
  const [lumiere, northtrail] = [uuid(), uuid()];
  const device = { cookieHash: randomBytes(32), userAgent: 'Firefox' };
  const ids: (string | null)[] = [];
  const noteId = (id: string | null) => {
    ids.push(id);
    return [];
  };
  await customers.recordSignIn(db, { subject, at: first, ip: '192.0.2.1', brand: lumiere, device }, noteId);
  await customers.recordSignIn(db, { subject, at: second, ip: '2001:db8::1', brand: lumiere, device }, noteId);
  await customers.recordSignIn(db, { subject, at: second, ip: null, brand: northtrail });
  assert.equal(ids[0], ids[1]);

  const found = await customers.findById(db, customer.id);
  assert.deepEqual([found?.logins_count, found?.last_login], [3, second]);
  assert.deepEqual(await customers.refold(db, customer.id), found, 'folded anew it is the same');
  assert.deepEqual(
    (await customers.visitsOf(db, customer.id)).find(({ brand }) => brand === lumiere),
    { brand: lumiere, firstAt: first, lastAt: second, count: 2 },
  );
  assert.deepEqual(await customers.devicesOf(db, customer.id), [
    { device: ids[0], userAgent: 'Firefox', firstSeen: first, lastSeen: second },
  ]);
});

test('what the network told raw is kept when it is new', async () => {
  const { customer, subject } = await customers.createCustomer(db, networkIdentity('github', 'r3', { name: 'Old' }));
  const kept = async () => (await customers.identitiesOf(db, customer.id))[0]?.profile_data;
  await customers.recordSignIn(db, { subject, at: new Date(), ip: null });
  assert.deepEqual(await kept(), { id: 'r3', name: 'Old' });
  await customers.recordSignIn(db, { subject, at: new Date(), ip: null, profileData: { name: 'New' } });
  assert.deepEqual(await kept(), { name: 'New' });
  await customers.recordSignIn(db, { subject, at: new Date(), ip: null, sealedTokens: 'sealed' });
  assert.deepEqual([...(await customers.sealedTokensOf(db, customer.id)).values()], ['sealed']);
  assert.deepEqual(await kept(), { name: 'New' });
  await customers.recordSignIn(db, { subject, at: new Date(), ip: null, profileData: { name: 'NUL \u0000' } });
  assert.deepEqual(await kept(), {}, 'what cannot be kept is not');
});

test('fifty sign-ins at once, by two identities on one device, are all counted', async () => {
  const { customer, subject } = await customers.createCustomer(db, networkIdentity('github', 'r4'));
  const other = await customers.addIdentity(db, customer.id, networkIdentity('apple', 'r4'));
  const device = { cookieHash: randomBytes(32), userAgent: 'Chrome' };
  const brand = uuid();
  await Promise.all(
    Array.from({ length: 50 }, (_, index) => {
      const one = { subject: index % 2 ? subject : other.subject, at: new Date(Date.now() + index), ip: '192.0.2.3' };
      return customers.recordSignIn(db, { ...one, brand, device });
    }),
  );
  const found = await customers.findById(db, customer.id);
  assert.equal(found?.logins_count, 50);
  assert.equal((await customers.visitsOf(db, customer.id))[0]?.count, 50);
  assert.deepEqual(await customers.refold(db, customer.id), found);
});

test('a sign-in of nobody is none', async () => {
  const signIn = { subject: uuid(), at: new Date(), ip: null };
  await assert.rejects(customers.recordSignIn(db, signIn), (error) => isProblem(error, 'not_found'));
});

test('what else is recorded is written with the count, or neither is', async () => {
  const { customer, subject } = await customers.createCustomer(db, networkIdentity('github', 'r6'));
  const rename = 'update identities set updated_at = now() where subject = $1::uuid and connection = $2 returning 1';
  const refusal = new Error('refused');
  const also = (connection: string) => () => [{ text: rename, values: [subject, connection], orElse: () => refusal }];
  const signIn = { subject, at: new Date(), ip: null };
  await customers.recordSignIn(db, signIn, also('github'));
  await assert.rejects(customers.recordSignIn(db, signIn, also('nowhere')), refusal);
  assert.equal((await customers.findById(db, customer.id))?.logins_count, 1);
});

test('a password reset is kept on its subject and shown on the customer', async () => {
  const { customer, subject } = await customers.createCustomer(db, networkIdentity('github', 'r5'));
  const at = new Date('2026-04-01T00:00:00Z');
  await customers.recordPasswordReset(db, subject, at);
  assert.deepEqual((await customers.findById(db, customer.id))?.last_password_reset, at);
});
