import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { crmUpsertSource as crm } from '../../../rules-library/crm-upsert.ts';
import { firstSignInWebhookSource as hook } from '../../../rules-library/first-sign-in-webhook.ts';
import {
  brand,
  type EnrichmentScene,
  openEnrichmentScene,
  patient,
  says,
  saysLater,
} from '../../../test/enrichment-scene.ts';
import { act, networkIdentity } from '../../../test/people.ts';
import { addIdentity, findBySubject, merge } from '../customers/customers.ts';
import { ask, type Source } from './enrichment.ts';

let scene: EnrichmentScene;
before(async () => {
  scene = await openEnrichmentScene();
});
after(() => scene.close());
beforeEach(() => scene.clear());

const found = { title: 'Perfumer' };

async function customerOf(subject: string): Promise<string> {
  const customer = await findBySubject(scene.base.db, subject);
  assert.ok(customer);
  return customer.id;
}

/** Another way in of the same customer. */
async function anotherWayIn(subject: string): Promise<string> {
  const identity = networkIdentity('google-oauth2', crypto.randomUUID());
  return (await addIdentity(scene.base.db, await customerOf(subject), identity)).subject;
}

/** The second becomes the first. */
async function join(first: string, second: string): Promise<void> {
  await merge(scene.base.db, { ...act(), winner: await customerOf(first), loser: await customerOf(second) });
}

async function askedAgo(hours: number): Promise<void> {
  await scene.base.pool.query('update enrichment_answers set asked_at = asked_at - make_interval(hours => $1)', [
    hours,
  ]);
}

test('a customer is asked about once, whichever of their ways in they come by', async () => {
  for (const answer of [says(200, found), says(404), says(422)]) {
    const first = await scene.newcomer();
    const second = await anotherWayIn(first);
    const question = { email: `${first}@example.com` };
    scene.asked.length = 0;
    scene.answer = answer;
    const { status } = await scene.lookUp(first, question);
    assert.equal((await scene.lookUp(second, question)).status, status);
    assert.equal((await scene.lookUp(second, { email: 'other@example.com' })).status, status, 'within a day');
    assert.equal(scene.asked.length, 1);
    await askedAgo(25);
    assert.equal((await scene.lookUp(second, question)).status, status);
    assert.equal(scene.asked.length, 1);
    await scene.lookUp(second, { email: 'other@example.com' });
    await scene.lookUp(first, { email: 'other@example.com' });
    assert.equal(scene.asked.length, 2, 'another address, a day later, once again');
  }
});

test('50 sign-ins of one customer at once, by two ways in, ask once', async () => {
  const first = await scene.newcomer();
  const ways = [first, await anotherWayIn(first)];
  const question = { email: `${first}@example.com` };
  await scene.proves(first, question.email);
  scene.answer = says(200, found);
  const all = await Promise.all(Array.from({ length: 50 }, (_, n) => scene.lookUp(ways[n % 2] ?? first, question)));
  assert.equal(scene.asked.length, 1);
  assert.equal(all.filter(({ status }) => status !== 'hit' && status !== 'later').length, 0);
});

test('while the job of one way in goes on to ask, no other does; where it is overdue the other takes over', async () => {
  const first = await scene.newcomer();
  const second = await anotherWayIn(first);
  const question = { email: `${first}@example.com` };
  await scene.allow(first);
  scene.answer = says(503);
  await scene.lookUp(first, question);
  assert.deepEqual(await scene.lookUp(second, question), { status: 'later' });
  assert.equal(scene.asked.length, 1);
  const { rows } = await scene.base.pool.query(
    `select ask_again_at > run_at + interval '30 seconds' as is_held from enrichment_answers
     join graphile_worker._private_jobs on key = 'enrichment fullcontact ' || subject where subject = $1`,
    [first],
  );
  assert.deepEqual(rows, [{ is_held: true }], 'until the call of the job is over');
  await scene.base.pool.query("update enrichment_answers set ask_again_at = now() - interval '1 second'");
  scene.answer = says(200, found);
  assert.equal((await scene.lookUp(second, question)).status, 'hit');
  await scene.finishNow(first);
  assert.equal(scene.asked.length, 2, 'the job asks no more');
});

test('what was found of a customer who became part of this one is not asked again, but a CRM knows what it was told last', async () => {
  const told: Source = { ...patient, kind: 'told' };
  for (const [source, times] of [
    [patient, 2],
    [told, 3],
  ] as const) {
    const [first, second] = [await scene.newcomer(), await scene.newcomer()];
    const question = { email: `${first}@example.com` };
    scene.asked.length = 0;
    scene.answer = says(200, found);
    await scene.lookUp(first, question, source);
    await askedAgo(30);
    await scene.lookUp(second, { email: `${second}@example.com` }, source);
    await join(first, second);
    await askedAgo(30);
    await scene.lookUp(second, question, source);
    assert.equal(scene.asked.length, times);
  }
});

test('an answer of one way in and a sign-in by the other do not wait for each other in a circle', async () => {
  for (let round = 0; round < 10; round += 1) {
    const first = await scene.newcomer();
    const second = await anotherWayIn(first);
    const question = { email: `${first}@example.com` };
    const { answer, goOn } = saysLater(says(200, found));
    scene.answer = answer;
    scene.asked.length = 0;
    const slow = scene.lookUp(first, question);
    await scene.untilAsked(1);
    scene.answer = says(200, found);
    await scene.base.pool.query("update enrichment_answers set ask_again_at = now() - interval '1 second'");
    goOn();
    await Promise.all([slow, ...Array.from({ length: 5 }, () => scene.lookUp(second, question))]);
  }
});

test('who has not changed is told to another CRM, too, an hour later; to the same one not again', async () => {
  const subject = await scene.newcomer();
  const email = `${subject}@example.com`;
  await scene.proves(subject, email);
  const tell = (path: string) => {
    const settings = { address: `${new URL(scene.address).origin}${path}` };
    const question = { user_id: 'auth0|1', email, contact: { email } };
    return ask(scene.base, { source: { ...crm, patienceMs: 20_000 }, settings, brand, subject, question });
  };
  scene.answer = says(200, { id: 'c-1' });
  await tell('/one/{email}?key=a');
  await askedAgo(2);
  await tell('/one/{email}?key=b');
  assert.equal(scene.asked.length, 1);
  await tell('/two/{email}');
  assert.equal(scene.asked.length, 2);
  await tell('/one/{email}?key=a');
  assert.equal(scene.asked.length, 2, 'within the hour');
});

test('a first sign-in is told once, wherever the address of the webhook leads by then', async () => {
  const subject = await scene.newcomer();
  const tell = (path: string) => {
    const settings = { address: `${new URL(scene.address).origin}${path}`, secret: 'a secret of sixteen' };
    const question = { event: 'first_sign_in', at: new Date().toISOString() };
    return ask(scene.base, { source: { ...hook, patienceMs: 20_000 }, settings, brand, subject, question });
  };
  scene.answer = says(200);
  await tell('/one');
  await askedAgo(24 * 400);
  await tell('/two');
  assert.equal(scene.asked.length, 1);
});
