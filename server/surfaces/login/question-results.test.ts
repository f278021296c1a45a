import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from '../../../test/http-browser.ts';
import { askLive, contentOf, pauseFor } from '../../../test/questions.ts';
import { openWorld, signUp } from '../../../test/sign-in-world.ts';
import { resultsOf } from '../../features/questions/questions.ts';

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
  assert.equal((await results(id, 0)).finishing, null, 'who is asked may still be at it');
});
