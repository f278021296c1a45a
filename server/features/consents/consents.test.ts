import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { testBase } from '../../../test/base.ts';
import { askFor } from '../../../test/consents.ts';
import { findPlanted } from '../../../test/find-planted.ts';
import type { Base } from '../../base/base.ts';
import { isProblem } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';
import { createBrand } from '../brands/brands.ts';
import { createCustomer, merge, removeCustomer, unmerge } from '../customers/customers.ts';
import {
  allow,
  type ConsentDraft,
  confirmConsent,
  currentConsents,
  eraseConsents,
  exportConsents,
  give,
  type PostConfirmation,
  settleMerge,
  stateOf,
} from './consents.ts';

let ground: Base;
before(async () => {
  ground = await testBase();
});
after(() => ground.close());

const brand = uuid();
const newCustomer = (email?: string) =>
  createCustomer(ground.db, {
    provider: 'auth0',
    connection: 'shop',
    isSocial: false,
    facts: email ? [{ path: 'email', value: email, source: 'customer', origin: 'test', at: new Date() }] : [],
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

test('erasure takes all of it, export hands all of it over: what waits for its mail, too', async () => {
  const { customer, subject } = await newCustomer('planted@example.com');
  const topic = 'planted topic';
  const id = await askFor(ground, {
    brand: null,
    purpose: 'email',
    topic,
    double_opt_in: true,
    texts: { en: { label: 'Mail me, planted.' } },
  });
  const somewhere = await createBrand(ground, { slug: 'planted', name: 'Planted' });
  await say(subject, true, { wording: 'planted' });
  let link = '';
  const post: PostConfirmation = async (_tx, letter) => {
    link = letter.link;
  };
  const telling = {
    customer: customer.id,
    subject,
    source: 'account',
    ip: '192.0.2.77',
    at: new Date(),
    post,
  } as const;
  const wish = { consent: id, version: '1', language: 'en', brand: somewhere } as const;
  assert.equal(await allow(ground, telling, wish), 'pending');
  const exported = await exportConsents(ground.db, customer.id);
  assert.partialDeepStrictEqual(exported, {
    consents: [{ wording: 'planted' }],
    consents_to_confirm: [{ wording: 'Mail me, planted.', address: 'planted@example.com', ip: '192.0.2.77' }],
  });
  assert.doesNotMatch(JSON.stringify(exported), /secret/);
  const holdsPlanted = async () => (await findPlanted(ground.db, 'planted')).map((found) => found.split(':')[0]);
  assert.ok((await holdsPlanted()).includes('consent_confirmations'));
  await removeCustomer(ground.db, customer.id, { at: new Date(), endSessions, others: [eraseConsents] });
  assert.equal((await rowsOf(subject)).length, 0);
  // What is left is the umbrella's own: the brand and the words that anybody is asked.
  assert.deepEqual(await holdsPlanted(), ['brands', 'consent_catalogue', 'consent_wordings']);
  const ticket = new URL(link).searchParams.get('ticket') ?? '';
  await assert.rejects(confirmConsent(ground, { ticket, ip: '192.0.2.77' }), (error) =>
    isProblem(error, 'code_expired'),
  );
});

test('a version that nobody agreed to does not become agreed by joining, and comes apart as it was', async () => {
  const [a, b] = [await newCustomer(), await newCustomer()];
  await say(a.subject, true, { version: '2', at: new Date(1_000_000) });
  await say(b.subject, false, { version: '1', at: new Date(500_000) });
  const act = { by: 'customer', origin: 'test', at: new Date(), endSessions } as const;
  await merge(ground.db, { ...act, winner: a.customer.id, loser: b.customer.id, settleConsents: settleMerge });
  const [current] = await currentConsents(ground.db, a.customer.id);
  assert.partialDeepStrictEqual(current, { state: 'withdrawn', version: '1', source: 'merge' });
  const [merged] = await ground.db.selectFrom('merges').select('id').where('loser', '=', b.customer.id).execute();
  await unmerge(ground.db, merged?.id ?? '', act);
  assert.equal(await stateOf(ground.db, a.customer.id, likes), 'given');
  assert.equal(await stateOf(ground.db, b.customer.id, likes), 'withdrawn');
});
