import { setTimeout as pause } from 'node:timers/promises';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type RuleRun, wasReached } from './outcome.ts';
import { addMinutes, type MinuteRow, readMinutes } from './statistics-store.ts';
import { quantile, stepOf, steps } from './times.ts';

/** How a rule or an action did within the last hour; times in ms, null without a run. */
export type RuleStatistics = {
  readonly runs: number;
  /** It refused, as it is meant to. */
  readonly refusals: number;
  /** It failed, or was never reached. */
  readonly errors: number;
  readonly p50: number | null;
  readonly p95: number | null;
};

/** A run to be counted. */
export type CountedRun = Pick<RuleRun, 'id' | 'ms' | 'error'> & {
  /** Left out: by an `UnauthorizedError`. */
  readonly refused?: boolean | undefined;
};

type Ground = Pick<Base, 'db' | 'settings' | 'log'>;
type Counted = { readonly rows: Map<string, MinuteRow>; isDue: boolean; writing: Promise<void> };

const flushMs = 5000;
const hourMs = 3_600_000;
const minuteMs = 60_000;
const counted = new WeakMap<Base['settings'], Counted>();

/** Counts runs in this process; now and then what was counted is added to what others have. */
export function countRuns(base: Ground, runs: readonly CountedRun[]): void {
  const known = counted.get(base.settings) ?? { rows: new Map(), isDue: false, writing: Promise.resolve() };
  counted.set(base.settings, known);
  const minute = new Date(Math.floor(now().getTime() / minuteMs) * minuteMs);
  for (const run of runs) {
    const { id, ms, error, refused = error?.name === 'UnauthorizedError' } = run;
    const key = `${id} ${minute.getTime()}`;
    const row = known.rows.get(key) ?? {
      ...{ rule: id, minute, runs: 0, refusals: 0, errors: 0 },
      times: new Array<number>(steps).fill(0),
    };
    known.rows.set(key, row);
    row.refusals += refused ? 1 : 0;
    row.errors += error && !refused ? 1 : 0;
    // What was never reached took no time, and makes nobody faster.
    if (!wasReached(run)) continue;
    const step = stepOf(ms);
    row.runs += 1;
    row.times[step] = (row.times[step] ?? 0) + 1;
  }
  if (known.isDue || known.rows.size === 0) return;
  known.isDue = true;
  void pause(flushMs, undefined, { ref: false })
    .then(() => flush(base))
    .catch((fault: unknown) => base.log.warn({ err: fault }, 'statistics of rules not written'));
}

async function flush(base: Ground): Promise<void> {
  const known = counted.get(base.settings);
  if (!known) return;
  // Whoever reads waits for what is being written for others, too. Rows are taken when it is their turn.
  known.writing = known.writing
    .catch(() => {})
    .then(() => {
      known.isDue = false;
      const rows = [...known.rows.values()];
      known.rows.clear();
      return addMinutes(base.db, rows);
    });
  await known.writing;
}

/** How each rule did within the last hour, by id; those that did not run are not among them. */
export async function statisticsOf(base: Ground): Promise<ReadonlyMap<string, RuleStatistics>> {
  await flush(base);
  const sums = new Map<string, Omit<MinuteRow, 'rule' | 'minute'>>();
  for (const { rule, runs, refusals, errors, times } of await readMinutes(
    base.db,
    new Date(now().getTime() - hourMs),
  )) {
    const sum = sums.get(rule) ?? { runs: 0, refusals: 0, errors: 0, times: new Array<number>(steps).fill(0) };
    sums.set(rule, {
      runs: sum.runs + runs,
      refusals: sum.refusals + refusals,
      errors: sum.errors + errors,
      times: sum.times.map((count, step) => count + (times[step] ?? 0)),
    });
  }
  return new Map(
    [...sums].map(([rule, { runs, refusals, errors, times }]) => [
      rule,
      { runs, refusals, errors, p50: quantile(times, 0.5), p95: quantile(times, 0.95) },
    ]),
  );
}
