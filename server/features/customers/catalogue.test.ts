import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { testDatabase } from '../../../test/database.ts';
import { networkIdentity, saying } from '../../../test/people.ts';
import type { Db } from '../../base/db.ts';
import { isProblem } from '../../base/errors.ts';
import * as customers from './customers.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Db;
before(async () => {
  database = await testDatabase();
  db = database.db;
});
after(() => database.close());

test('the system attributes are there, with a label in every language', async () => {
  const attributes = await customers.listAttributes(db);
  assert.ok(attributes.length >= 18);
  for (const { path, labels, is_system } of attributes) {
    assert.deepEqual([Object.keys(labels).toSorted(), is_system], [['de', 'en', 'es', 'fr'], true], path);
  }
  const likes = await customers.getAttribute(db, 'likes');
  assert.deepEqual([likes?.type, likes?.sensitive], ['list', true]);
});

test('an attribute is listed, changed and removed', async () => {
  const at = new Date('2026-05-01T00:00:00Z');
  const draft = { path: 'user_metadata.scents', type: 'choices', labels: { en: 'Scents' } } as const;
  const made = await customers.createAttribute(db, draft, at);
  assert.deepEqual([made.sensitive, made.ranking, made.created_at], [false, [], at]);
  await assert.rejects(customers.createAttribute(db, draft, at), (error) => isProblem(error, 'already_exists'));
  const changed = await customers.updateAttribute(db, draft.path, { sensitive: true }, at);
  assert.deepEqual(changed, { ...made, sensitive: true });
  await customers.removeAttribute(db, draft.path);
  assert.equal(await customers.getAttribute(db, draft.path), undefined);
  await assert.rejects(customers.removeAttribute(db, draft.path), (error) => isProblem(error, 'not_found'));
});

test('a system attribute keeps its type and stays; its labels may change', async () => {
  const at = new Date();
  await assert.rejects(customers.updateAttribute(db, 'birthdate', { type: 'text' }, at), (error) =>
    isProblem(error, 'invalid_body'),
  );
  await assert.rejects(customers.removeAttribute(db, 'birthdate'), (error) => isProblem(error, 'access_denied'));
  const { labels } = await customers.updateAttribute(db, 'birthdate', { labels: { en: 'Your day' } }, at);
  assert.deepEqual(labels, { en: 'Your day' });
});

test('a ranking changes who is believed, in batches over all customers', async () => {
  const { customer, subject } = await customers.createCustomer(db, networkIdentity('github', 'c1', { gender: 'told' }));
  await customers.createCustomer(db, networkIdentity('github', 'c2'));
  await customers.learn(db, subject, saying({ gender: 'said' }));
  assert.equal((await customers.findById(db, customer.id))?.attributes.gender, 'said');
  await customers.updateAttribute(db, 'gender', { ranking: ['network'] }, new Date());
  let after: string | undefined;
  do after = await customers.refoldBatch(db, after, 1);
  while (after);
  assert.equal((await customers.findById(db, customer.id))?.attributes.gender, 'told');
});
