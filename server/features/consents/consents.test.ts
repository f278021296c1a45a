import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { testBase } from '../../../test/base.ts';
import type { Base } from '../../base/base.ts';
import { uuid } from '../../base/ids.ts';
import { createCustomer, merge, removeCustomer } from '../customers/customers.ts';
import {
  type ConsentDraft,
  currentConsents,
  eraseConsents,
  exportConsents,
  give,
  settleMerge,
  stateOf,
} from './consents.ts';

let ground: Base;
before(async () => {
  ground = await testBase();
});
after(() => ground.close());

const brand = uuid();
const newCustomer = () =>
  createCustomer(ground.db, {
    provider: 'auth0',
    connection: 'shop',
    isSocial: false,
    facts: [],
    proofs: [],
    at: new Date(),
  });
const say = (subject: string, given: boolean, more: Partial<ConsentDraft> = {}) =>
  give(ground.db, {
    subject,
    brand,
    purpose: 'enrichment',
    topic: 'facebook.likes',
    given,
    version: '1',
    wording: 'May we read your likes?',
    language: 'en',
    source: 'connect',
    ip: '192.0.2.1',
    at: new Date(),
    ...more,
  });
const likes = { brand, purpose: 'enrichment', topic: 'facebook.likes' } as const;
const endSessions = async () => undefined;
const rowsOf = (subject: string) =>
  ground.db.selectFrom('consents').selectAll().where('subject', '=', subject).execute();

test('what was said last holds; every row stays, with what was shown', async () => {
  const { customer, subject } = await newCustomer();
  assert.equal(await stateOf(ground.db, customer.id, likes), undefined);
  await say(subject, true);
  assert.equal(await stateOf(ground.db, customer.id, likes), 'given');
  assert.equal(await stateOf(ground.db, customer.id, { ...likes, brand: uuid() }), undefined, 'another brand');
  assert.equal(await stateOf(ground.db, customer.id, { brand, purpose: 'enrichment' }), undefined, 'all topics');
  await say(subject, false, { at: new Date(Date.now() + 1000) });
  assert.equal(await stateOf(ground.db, customer.id, likes), 'withdrawn');
  const rows = await rowsOf(subject);
  assert.equal(rows.length, 2);
  assert.ok(rows.every((row) => row.wording === 'May we read your likes?' && row.ip === '192.0.2.1'));
});

test('the same yes to the same wording is written once; to a new wording again', async () => {
  const { subject } = await newCustomer();
  await say(subject, true);
  await say(subject, true, { at: new Date(Date.now() + 1000) });
  assert.equal((await rowsOf(subject)).length, 1);
  await say(subject, true, { version: '2', at: new Date(Date.now() + 2000) });
  assert.equal((await rowsOf(subject)).length, 2);
});

test('the no of one of two customers that are joined holds, whoever wins and whatever is newer', async () => {
  for (const winnerRefused of [true, false]) {
    const [a, b] = [await newCustomer(), await newCustomer()];
    await say(a.subject, !winnerRefused, { at: new Date(1_000_000) });
    await say(b.subject, winnerRefused, { at: new Date(2_000_000) });
    await merge(ground.db, {
      winner: a.customer.id,
      loser: b.customer.id,
      by: 'customer',
      origin: 'test',
      at: new Date(),
      endSessions,
      settleConsents: settleMerge,
    });
    assert.equal(await stateOf(ground.db, a.customer.id, likes), 'withdrawn', `winner refused: ${winnerRefused}`);
    const [current] = await currentConsents(ground.db, a.customer.id);
    assert.equal(current?.given, false);
  }
});

test('erasure takes all of it, export hands all of it over', async () => {
  const { customer, subject } = await newCustomer();
  await say(subject, true);
  const { consents } = await exportConsents(ground.db, customer.id);
  assert.ok(Array.isArray(consents) && consents.length === 1);
  await removeCustomer(ground.db, customer.id, { at: new Date(), endSessions, others: [eraseConsents] });
  assert.equal((await rowsOf(subject)).length, 0);
});
