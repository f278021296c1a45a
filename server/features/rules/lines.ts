import { setTimeout as pause } from 'node:timers/promises';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import type { Db } from '../../base/db.ts';
import { type JsonObject, toStorable } from '../../base/json.ts';
import type { OwnedLine } from '../../base/sandbox/marked-lines.ts';
import {
  type CodeKind,
  deleteLines,
  insertLines,
  type LineFilter,
  type LineRow,
  type NewLine,
  readLines,
} from './lines-store.ts';

export type { LineFilter };

/** Something that a rule or an action printed. */
export type RuleLine = LineRow;

type Ground = Pick<Base, 'db' | 'settings' | 'log'>;
type Waiting = { lines: NewLine[]; dropped: number; isDue: boolean; writing: Promise<void> };

const flushMs = 300;
const mostWaiting = 2000;
const none = { dropped: 0, isDue: false };
const waitingOf = new WeakMap<Base['settings'], Waiting>();

/**
 * Keeps lines for a day; they are written a moment later, with others, and beyond what can be held they are dropped.
 *
 * @param customer whose they are; null: nobody's, as far as is known
 */
export function keepLines(
  base: Ground,
  customer: string | null,
  lines: readonly OwnedLine[],
  kind: CodeKind = 'rule',
): void {
  if (lines.length === 0) return;
  const waiting = waitingOf.get(base.settings) ?? { ...none, lines: [], writing: Promise.resolve() };
  waitingOf.set(base.settings, waiting);
  const room = mostWaiting - waiting.lines.length;
  const at = now();
  const kept = lines.slice(0, room).map(({ by, level, line }) => {
    return { rule: by, level, line: toStorable(line), customer, at, kind };
  });
  waiting.lines.push(...kept);
  waiting.dropped += Math.max(0, lines.length - room);
  if (waiting.isDue) return;
  waiting.isDue = true;
  void pause(flushMs, undefined, { ref: false })
    .then(() => flush(base))
    .catch((fault: unknown) => base.log.warn({ err: fault }, 'lines of rules not written'));
}

async function flush(base: Ground): Promise<void> {
  const waiting = waitingOf.get(base.settings);
  if (!waiting) return;
  // Whoever reads waits for what is being written for others, too. Lines are taken when it is their turn: while the
  // database is slow no more of them are held than may wait.
  waiting.writing = waiting.writing.catch(() => {}).then(() => write(base, waiting));
  await waiting.writing;
}

async function write(base: Ground, waiting: Waiting): Promise<void> {
  const { lines, dropped } = waiting;
  Object.assign(waiting, { ...none, lines: [] });
  if (dropped > 0) base.log.warn({ lines: dropped }, 'rules print more than is kept');
  await insertLines(base.db, lines);
}

/** What code printed within the last day, the newest first. */
export async function listLines(base: Ground, filter: LineFilter, limit: number): Promise<RuleLine[]> {
  await flush(base);
  return readLines(base.db, filter, limit);
}

export function eraseRules(tx: Db, { customers }: { readonly customers: readonly string[] }): Promise<void> {
  return deleteLines(tx, customers);
}

/** What rules printed at the customer's sign-ins of the last day, to be handed to them. */
export async function exportRules(db: Db, customerId: string): Promise<JsonObject> {
  const lines = await readLines(db, { customer: customerId }, mostExported);
  return { printed_by_rules: lines.map(({ at, line }) => ({ at: at.toISOString(), line })) };
}

const mostExported = 20_000;
