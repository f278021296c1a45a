import type { Base } from '../../base/base.ts';
import { inSeconds, now } from '../../base/clock.ts';
import type { SourceAnswer } from './source.ts';
import {
  closeBreaker,
  countCall,
  countFailure,
  ensureSource,
  noteRefusal,
  openBreaker,
  readSource,
  takeTrial,
} from './source-store.ts';

// So many failures in a row open it, for half a minute, then for twice as long after each further failure.
const mostInRow = 5;
const firstPauseSeconds = 30;
const longestPauseSeconds = 3_600;
const trialSeconds = 30;

/** May the source be called now? After a pause one call may, to try. The first time makes its row. */
export async function mayCall({ db }: Pick<Base, 'db'>, source: string): Promise<boolean> {
  const known = await readSource(db, source);
  if (!known) await ensureSource(db, source, now());
  const until = known?.paused_until ?? null;
  if (until === null) return true;
  return until <= now() && takeTrial(db, source, now(), inSeconds(trialSeconds));
}

/** Counts what came of a call, and opens or closes the circuit breaker by it. */
export async function noteCall({ db }: Pick<Base, 'db'>, source: string, answer: SourceAnswer): Promise<void> {
  if (answer.status === 'later') return closeBreaker(db, source);
  if (answer.status !== 'failed') {
    await countCall(db, source, answer.status, now());
    return closeBreaker(db, source);
  }
  await countCall(db, source, 'failure', now());
  // It is there: what one customer's data are refused for is to keep nobody else waiting.
  if (answer.final) return noteRefusal(db, source, now(), answer.why);
  const inRow = await countFailure(db, source, now(), answer.why);
  const doubled = firstPauseSeconds * 2 ** Math.min(20, inRow - mostInRow);
  const own = inRow >= mostInRow ? Math.min(doubled, longestPauseSeconds) : 0;
  const seconds = Math.max(own, Math.min(answer.pauseSeconds ?? 0, 24 * 3_600));
  if (seconds > 0) await openBreaker(db, source, inSeconds(seconds), answer.why);
}
