import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sql } from 'kysely';
import { questionContent } from '../../../contract/questions.ts';
import type { Page } from '../../../test/http-browser.ts';
import { askLive, contentOf, pauseFor } from '../../../test/questions.ts';
import { openWorld, signUp } from '../../../test/sign-in-world.ts';
import { changeQuestion, resultsOf } from '../../features/questions/questions.ts';

const world = await openWorld();
const { base } = world;
after(() => world.close());
await pauseFor(base, 0);

const hour = 3_600_000;
const interest = { type: 'text', key: 'interest', labels: { en: 'Which?' }, path: 'user_metadata.interest' };
const isAsked = ({ url }: Page) => url.pathname.endsWith('/question');

/** What came of it, as it is told after a while. */
function results(question: string, afterMs: number) {
  const at = new Date(Date.now() + afterMs);
  return resultsOf(base.db, { question, from: new Date(Date.now() - hour), until: at, brands: null }, at);
}

test('who has finished is who came to the tokens, asked or held out alike', async () => {
  const id = await askLive(base, { name: 'Interest', content: contentOf([interest], { hold_out: 50 }) });
  const came = { asked: 0, held: 0 };
  const finished = { asked: 0, held: 0 };
  for (let number = 0; number < 40 && (came.asked < 3 || came.held < 2); number += 1) {
    const browser = world.browser();
    const page = await signUp(world, browser, `arm-${number}@example.com`, 'correct horse battery');
    const arm = isAsked(page) ? 'asked' : 'held';
    came[arm] += 1;
    // One of each goes away: from the question, or from the portal before it asks for tokens.
    if (arm === 'asked' && came.asked === 1) continue;
    const arrived = arm === 'asked' ? await browser.submit(page, 'question-later') : page;
    if (arm === 'held' && came.held === 1) continue;
    if (arm === 'asked' && came.asked === 2) continue;
    assert.equal((await world.tokens(arrived)).status, 200);
    finished[arm] += 1;
  }
  assert.ok(came.asked >= 3 && came.held >= 2, JSON.stringify(came));
  const { all, finishing } = await results(id, 2 * hour);
  assert.partialDeepStrictEqual(all, { shown: came.asked, finished: finished.asked });
  const share = finished.asked / came.asked - finished.held / came.held;
  assert.equal(finishing?.difference?.share, share);
  assert.equal(finishing?.verdict, 'too_early');
  await sql`
    insert into question_asks (subject, id, question, content_version, variant, arm, place, fields, sign_in_number, hour,
      shown_at, demanded)
    values (gen_random_uuid(), gen_random_uuid(), ${id}, 1, 'a', 'asked', 'page', '{interest}', 1, 9, now(), true)`.execute(
    base.db,
  );
  assert.equal((await results(id, 2 * hour)).finishing?.difference?.share, share, 'an action holds nobody out');
  assert.equal((await results(id, 0)).finishing, null, 'who is asked may still be at it');
});

test('of two ways the second is the one that stands second now, and other words count no more', async () => {
  const way = (key: string, heading: string) => ({ key, heading: { en: heading }, fields: [interest] });
  const variants = [way('b', 'Which one?'), way('a', 'Tell us')];
  const id = await askLive(base, { name: 'Ways', content: { variants } });
  for (const [variant, answered] of [
    ['b', 10],
    ['a', 90],
  ] as const) {
    await sql`
      insert into question_asks (subject, id, question, content_version, variant, arm, place, fields, sign_in_number,
        hour, shown_at, outcome, ended_at)
      select gen_random_uuid(), gen_random_uuid(), ${id}, 1, ${variant}, 'asked', 'page', '{interest}', 1, 9, now(),
        case when number <= ${answered} then 'answered' else 'skipped' end, now()
      from generate_series(1, 120) number`.execute(base.db);
  }
  const { variants: compared } = await results(id, hour);
  assert.equal(compared?.verdict, 'higher');
  const change = (content: object) =>
    changeQuestion(base, id, { content: questionContent.parse(content) }, () => undefined);
  await change({ variants, hold_out: 10 });
  assert.equal((await results(id, hour)).variants?.verdict, 'higher', 'they are put as before');
  await change({ variants: [way('b', 'Which one?'), way('a', 'Tell us more')] });
  assert.deepEqual((await results(id, hour)).variants, { difference: null, verdict: 'too_early' });
});
