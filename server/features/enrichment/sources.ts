import type { Base } from '../../base/base.ts';
import { inSeconds, now } from '../../base/clock.ts';
import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import type { Source } from './source.ts';
import {
  type DayRow,
  ensureSource,
  readDays,
  readSource,
  readSources,
  type SourceRow,
  updateSource,
} from './source-store.ts';

/** What came of the calls of some time, and what they cost, by currency, in its units. */
export type Figures = {
  readonly hits: number;
  readonly misses: number;
  readonly failures: number;
  readonly cost: Readonly<Record<string, number>>;
};

/** How a source does. */
export type SourceState = {
  readonly id: string;
  readonly name: string;
  readonly kind: Source['kind'];
  /** The circuit breaker is open until then, and why; null: it is closed. */
  readonly paused: { readonly until: Date; readonly why: string } | null;
  readonly failuresInRow: number;
  /** The last one, also where it works again; null: it has never failed. */
  readonly lastFailure: { readonly at: Date; readonly why: string } | null;
  /** In units of the currency; to be told by the umbrella, for Regulars does not know its contract. */
  readonly costPerCall: number;
  readonly costFor: 'call' | 'hit';
  readonly currency: string;
  readonly version: number;
  readonly lastDays: Figures;
  /** The newest first; days without calls are left out. */
  readonly days: readonly (Figures & { readonly day: string })[];
};

export type SourceChange = {
  readonly costPerCall?: number | undefined;
  readonly costFor?: 'call' | 'hit' | undefined;
  readonly currency?: string | undefined;
  /** Closes the circuit breaker. */
  readonly resume?: boolean | undefined;
  readonly ifVersion?: number | undefined;
};

const shownDays = 30;
const million = 1_000_000;

/** How each of these sources does, with the figures of the last 30 days. */
export async function sourceStates(db: Db, sources: readonly Source[]): Promise<SourceState[]> {
  const rows = new Map((await readSources(db)).map((row) => [row.id, row]));
  const days = Map.groupBy(await readDays(db, inSeconds(-(shownDays - 1) * 86_400)), ({ source }) => source);
  return sources.map((source) => toState(source, rows.get(source.id), days.get(source.id) ?? []));
}

/** Says what a call of a source costs, or lets it be called again. @throws Problem `changed_meanwhile` */
export async function changeSource(
  { db }: Pick<Base, 'db'>,
  source: Source,
  change: SourceChange,
): Promise<SourceState> {
  await ensureSource(db, source.id, now());
  const present = await readSource(db, source.id);
  const row = await updateSource(db, source.id, {
    costMicros:
      change.costPerCall === undefined ? Number(present?.cost_micros) : Math.round(change.costPerCall * million),
    costFor: change.costFor ?? present?.cost_for ?? 'call',
    currency: change.currency ?? present?.currency ?? 'USD',
    resume: change.resume ?? false,
    // What is not told stays as it was read: so the write counts only if nobody wrote in between.
    version: change.ifVersion ?? present?.version,
    at: now(),
  });
  if (!row) throw new Problem('changed_meanwhile');
  return toState(source, row, await readDays(db, inSeconds(-(shownDays - 1) * 86_400), source.id));
}

function toState({ id, name, kind }: Source, row: SourceRow | undefined, days: readonly DayRow[]): SourceState {
  const until = row?.paused_until ?? null;
  return {
    id,
    name,
    kind,
    paused: until !== null && until > now() ? { until, why: row?.paused_for ?? '' } : null,
    failuresInRow: row?.failures_in_row ?? 0,
    lastFailure: row?.failed_at ? { at: row.failed_at, why: row.failed_for ?? '' } : null,
    costPerCall: Number(row?.cost_micros ?? 0) / million,
    costFor: row?.cost_for === 'hit' ? 'hit' : 'call',
    currency: row?.currency ?? 'USD',
    version: row?.version ?? 0,
    lastDays: sum(days),
    days: [...Map.groupBy(days, ({ day }) => day)].map(([day, rows]) => ({ day, ...sum(rows) })),
  };
}

function sum(rows: readonly DayRow[]): Figures {
  const total = (read: (row: DayRow) => number) => rows.reduce((before, row) => before + read(row), 0);
  const cost = [...Map.groupBy(rows, ({ currency }) => currency)].map(([currency, own]): [string, number] => [
    currency,
    own.reduce((before, row) => before + Number(row.cost_micros), 0) / million,
  ]);
  return {
    hits: total((row) => row.hits),
    misses: total((row) => row.misses),
    failures: total((row) => row.failures),
    cost: Object.fromEntries(cost),
  };
}
