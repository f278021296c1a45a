import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fullContactSource } from '../../../rules-library/fullcontact.ts';
import {
  brand,
  type EnrichmentScene,
  openEnrichmentScene,
  patient,
  says,
  saysLater,
} from '../../../test/enrichment-scene.ts';
import { inSeconds, now } from '../../base/clock.ts';
import { transact } from '../../base/db.ts';
import { lockCustomerOf } from '../customers/customers.ts';
import { claimQuestion } from './answers-store.ts';
import { ask, changeSource } from './enrichment.ts';

let scene: EnrichmentScene;
before(async () => {
  scene = await openEnrichmentScene();
});
after(() => scene.close());
beforeEach(() => scene.clear());

async function pausedSeconds(): Promise<number> {
  const { paused } = await scene.state();
  return paused ? Math.round((paused.until.getTime() - Date.now()) / 1000) : 0;
}

function assertAbout(seconds: number, expected: number): void {
  assert.ok(seconds > expected - 15 && seconds <= expected, `${seconds} s, and not about ${expected}`);
}

/** Asks about somebody new. */
async function call() {
  return scene.lookUp(await scene.newcomer());
}

async function endPause(): Promise<void> {
  await scene.base.pool.query("update enrichment_sources set paused_until = now() - interval '1 second'");
}

test('many calls that fail at once are one pause; it is doubled by each trial that fails, and by nothing else', async () => {
  const { answer, goOn } = saysLater(says(503));
  scene.answer = answer;
  const calls = Array.from({ length: 20 }, call);
  await scene.untilAsked(20);
  goOn();
  await Promise.all(calls);
  assertAbout(await pausedSeconds(), 30);
  assert.partialDeepStrictEqual(await scene.state(), { failuresInRow: 5, lastDays: { failures: 20 } });
  scene.answer = says(503);
  for (const [expected, failuresInRow] of [
    [60, 6],
    [120, 7],
  ] as const) {
    await endPause();
    await call();
    assertAbout(await pausedSeconds(), expected);
    assert.equal((await scene.state()).failuresInRow, failuresInRow);
  }
  await scene.base.pool.query('update enrichment_sources set failures_in_row = 40');
  await endPause();
  await call();
  assertAbout(await pausedSeconds(), 3_600);
});

for (const [name, pause] of [
  ['429', says(429, {}, { 'retry-after': '3600' })],
  ['a wrong key', says(401)],
] as const) {
  for (const late of [200, 202, 404, 422, 503]) {
    test(`${name} pauses it, and a ${late} of a call that had begun before changes nothing of that`, async () => {
      const { answer, goOn } = saysLater(says(late));
      scene.answer = answer;
      const slow = call();
      await scene.untilAsked(1);
      scene.answer = pause;
      await call();
      const { paused } = await scene.state();
      assert.ok(paused);
      goOn();
      await slow;
      assert.deepEqual((await scene.state()).paused, paused);
      assert.deepEqual(await call(), { status: 'paused' });
      assert.equal(scene.asked.length, 2);
    });
  }
}

test('a pause is opened anew by the trial that fails, whoever told it first, and closed by the one that is answered', async () => {
  scene.answer = says(429, {}, { 'retry-after': '600' });
  await call();
  assertAbout(await pausedSeconds(), 600);
  await endPause();
  scene.answer = says(500);
  await call();
  assertAbout(await pausedSeconds(), 30);
  await endPause();
  scene.answer = says(422);
  await call();
  assert.partialDeepStrictEqual(await scene.state(), { paused: null, failuresInRow: 0 });
});

test('a trial during which staff let it go on is like any other call', async () => {
  scene.answer = says(403);
  await call();
  await endPause();
  const { answer, goOn } = saysLater(says(500));
  scene.answer = answer;
  const trial = call();
  await scene.untilAsked(2);
  await changeSource(scene.base, fullContactSource, { resume: true });
  goOn();
  await trial;
  assert.partialDeepStrictEqual(await scene.state(), { paused: null, failuresInRow: 1 });
});

test('a trial that is not needed, as the customer was asked about meanwhile, is left to the next call', async () => {
  const { base, address } = scene;
  scene.answer = says(403);
  await call();
  scene.answer = says(404);
  const subject = await scene.newcomer();
  const question = { email: `${subject}@example.com` };
  await scene.proves(subject, question.email);
  await endPause();
  const asking = { source: patient, settings: { key: 'the-key', address }, brand, subject, question };
  const { answer } = await transact(base.db, async (tx) => {
    await lockCustomerOf(tx, subject);
    const answer = ask(base, asking);
    // Until it has taken the trial, and waits for the customer.
    for (let tries = 0; (await pausedSeconds()) <= 0 && tries < 500; tries += 1) await setTimeout(10);
    const claim = { question, askedFor: Buffer.from('x'), at: now(), leaseUntil: inSeconds(60) };
    await claimQuestion(tx, { subject, source: patient.id }, claim);
    return { answer };
  });
  assert.deepEqual(await answer, { status: 'later' });
  assert.equal(scene.asked.length, 1);
  assert.deepEqual(await call(), { status: 'miss' });
});
