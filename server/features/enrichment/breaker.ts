import type { Base } from '../../base/base.ts';
import { inSeconds, now } from '../../base/clock.ts';
import type { SourceAnswer } from './source.ts';
import {
  closeBreaker,
  countCall,
  countFailure,
  ensureSource,
  noteRefusal,
  type Permit,
  readSource,
  takeTrial,
} from './source-store.ts';

// So many failures in a row open it, for half a minute, then for twice as long after each trial that fails.
const pauses = { mostInRow: 5, firstSeconds: 30, longestSeconds: 3_600 };
const mostToldSeconds = 24 * 3_600;
const trialSeconds = 30;

/** May the source be called now? After a pause one call may, to try. The first time makes its row. Undefined: no. */
export async function mayCall({ db }: Pick<Base, 'db'>, source: string): Promise<Permit | undefined> {
  const known = await readSource(db, source);
  if (!known) await ensureSource(db, source, now());
  const until = known?.paused_until ?? null;
  if (until === null) return { trialUntil: null };
  if (until > now()) return undefined;
  const trialUntil = inSeconds(trialSeconds);
  return (await takeTrial(db, source, now(), trialUntil)) ? { trialUntil } : undefined;
}

/**
 * Counts what came of a call, and opens or closes the circuit breaker by it. A call that had begun before a pause says
 * nothing about what is since: it is counted, but the pause stays as it is.
 */
export async function noteCall(
  { db }: Pick<Base, 'db'>,
  source: string,
  permit: Permit,
  answer: SourceAnswer,
): Promise<void> {
  if (answer.status === 'later') return closeBreaker(db, source, permit);
  if (answer.status !== 'failed') {
    await countCall(db, source, answer.status, now());
    return closeBreaker(db, source, permit);
  }
  await countCall(db, source, 'failure', now());
  const failure = { at: now(), why: answer.why };
  // It is there: what one customer's data are refused for is to keep nobody else waiting.
  if (answer.final) return noteRefusal(db, source, permit, failure);
  const toldSeconds = Math.min(answer.pauseSeconds ?? 0, mostToldSeconds);
  await countFailure(db, source, permit, { ...failure, ...pauses, toldSeconds });
}
