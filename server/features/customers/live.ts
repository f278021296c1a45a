import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { randomId } from '../../base/ids.ts';
import { readLivingId } from './customers-store.ts';
import { dropWatched, putWatched, readMissed, readNews } from './live-store.ts';
import { type TimelineEntry, type TimelinePosition, toEntry } from './timeline.ts';
import { readHorizon, type TimelineRow } from './timeline-store.ts';

/** A row that was just written, and where a page that has it goes on. */
export type LiveRow = { readonly entry: TimelineEntry; readonly position: TimelinePosition };

/** Who looks at a customer. */
export type LivePage = {
  /** Called for each row once, in their order. */
  show(row: LiveRow): void;
  /** Too much was missed to be told row by row: what is shown must be read anew. The page goes on from here. */
  startAnew(position: TimelinePosition): void;
  /** Nothing comes any more. */
  end(): void;
};

/** The timelines that are looked at in this process. */
export type LiveTimelines = {
  /**
   * Tells a page every new row of the customer, over all subjects, also after a merge, until it is closed.
   *
   * @param from what the page has already; undefined: everything up to now
   * @throws Problem `busy` when a thousand pages are open
   */
  watch(customerId: string, from: TimelinePosition | undefined, page: LivePage): Promise<{ close(): void }>;
  /** Ends every page. */
  close(): Promise<void>;
};

type Watcher = LivePage & { readonly customer: string; position: TimelinePosition | undefined; waiting: LiveRow[] };

// After them somebody is watched as another customer than before.
const moving = new Set(['linked', 'merged', 'merged_into', 'unlinked', 'unmerged']);

const mostPages = 1000;
const mostMissed = 500;
const heartbeatMs = 20_000;
// Notifications may be lost with their connection, and a page may open while a transaction is at its end.
const lookMs = 5000;
// So often at most, and so soon again while older transactions are open: the longer they stay so, the less often, for
// everything that was written since is read each time.
const gapMs = 100;
const pendingMs = 300;
const mostPendingMs = 1000;

/**
 * Follows the timeline for all open pages of this process together: one position, one query for whatever is new, none
 * while nobody looks. No page has a connection of its own.
 */
export function createLiveTimelines({
  db,
  log,
  notifications,
}: Pick<Base, 'db' | 'log' | 'notifications'>): LiveTimelines {
  const server = randomId();
  const watchers = new Set<Watcher>();
  let position: TimelinePosition | undefined;
  let starting: Promise<void> | undefined;
  let isListening = false;
  let isClosed = false;
  let next: { timer: NodeJS.Timeout; due: number } | undefined;
  let looking: Promise<void> | undefined;
  let lastLook = 0;
  let pauseMs = gapMs;
  const heartbeat = setInterval(() => guarded(refresh), heartbeatMs);
  const fallback = setInterval(() => lookSoon(0), lookMs);
  for (const timer of [heartbeat, fallback]) timer.unref();

  function guarded(act: () => Promise<void>): Promise<void> {
    return act().catch((fault: unknown) => log.warn({ err: fault }, 'live pages are not told'));
  }

  async function start(): Promise<void> {
    if (!isListening) await notifications.listen('timeline', () => lookSoon(0));
    isListening = true;
    position = at(await readHorizon(db));
  }

  async function refresh(): Promise<void> {
    if (watchers.size > 0) await putWatched(db, server, watched());
  }

  function watched(): string[] {
    return [...new Set([...watchers].map(({ customer }) => customer))];
  }

  function lookSoon(delayMs: number): void {
    if (isClosed || watchers.size === 0) return;
    const due = Math.max(Date.now() + delayMs, lastLook + pauseMs);
    if (next && next.due <= due) return;
    clearTimeout(next?.timer);
    const timer = setTimeout(
      () => {
        next = undefined;
        // One after the other: what was said meanwhile is looked for next.
        looking = (looking ?? Promise.resolve()).then(() => guarded(look));
      },
      Math.max(0, due - Date.now()),
    );
    timer.unref();
    next = { timer, due };
  }

  async function look(): Promise<void> {
    lastLook = Date.now();
    const from = position;
    if (!from || watchers.size === 0 || isClosed) return;
    // First the horizon, then who is to be told: whoever comes later catches up to a later horizon.
    const horizon = await readHorizon(db);
    const rows = await readNews(db, watched(), from, horizon);
    for (const row of rows) {
      if (!row.settled) continue;
      const news = toLive(row);
      for (const watcher of watchers) if (watcher.customer === row.watched) tell(watcher, news);
    }
    if (position === from) position = at(horizon);
    const isHeldUp = rows.some(({ settled }) => !settled);
    const isStill = horizon === from.transaction;
    pauseMs = isHeldUp ? Math.min(isStill ? 2 * Math.max(pauseMs, pendingMs) : pendingMs, mostPendingMs) : gapMs;
    if (isHeldUp) lookSoon(pauseMs);
    if (rows.some(({ name }) => moving.has(name))) await refresh();
  }

  async function catchUp(watcher: Watcher, from: TimelinePosition | undefined): Promise<void> {
    const horizon = await readHorizon(db);
    const here = at(horizon);
    const living = await readLivingId(db, watcher.customer);
    const missed = from && living ? await readMissed(db, living, from, horizon, mostMissed + 1) : [];
    if (missed.length > mostMissed) watcher.startAnew(here);
    else for (const row of missed) watcher.show(toLive(row));
    watcher.position = from && isBehind(from, here) ? from : here;
    const { waiting } = watcher;
    watcher.waiting = [];
    for (const row of waiting) tell(watcher, row);
  }

  return {
    async watch(customer, from, page) {
      if (isClosed || watchers.size >= mostPages) {
        throw new Problem('busy', 'Too many pages are open. Close some, or try again in a minute.');
      }
      const watcher: Watcher = {
        customer,
        position: undefined,
        waiting: [],
        show: (row) => page.show(row),
        startAnew: (where) => page.startAnew(where),
        end: () => page.end(),
      };
      watchers.add(watcher);
      const close = () => {
        if (!watchers.delete(watcher)) return;
        if (watchers.size === 0) [position, starting] = [undefined, undefined];
        const others = [...watchers].some((other) => other.customer === customer);
        if (!others && !isClosed) guarded(() => dropWatched(db, server, [customer]));
      };
      try {
        starting ??= start();
        await starting;
        await putWatched(db, server, [customer]);
        await catchUp(watcher, from);
      } catch (error) {
        starting = undefined;
        close();
        throw error;
      }
      // What was being written when the page opened did not see that somebody looks.
      lookSoon(1000);
      return { close };
    },
    async close() {
      isClosed = true;
      for (const timer of [heartbeat, fallback]) clearInterval(timer);
      clearTimeout(next?.timer);
      for (const { end } of watchers) end();
      watchers.clear();
      await looking;
      if (isListening) await guarded(() => dropWatched(db, server));
    },
  };
}

/** Tells a page what it does not have yet; it waits while the page catches up. */
function tell(watcher: Watcher, row: LiveRow): void {
  if (!watcher.position) watcher.waiting.push(row);
  else if (isBehind(row.position, watcher.position)) {
    watcher.position = row.position;
    watcher.show(row);
  }
}

function toLive(row: TimelineRow): LiveRow {
  return { entry: toEntry(row), position: { transaction: row.written_by, id: row.id } };
}

/** Before everything that the transaction of this number, or a later one, writes. */
function at(transaction: string): TimelinePosition {
  return { transaction, id: '00000000-0000-0000-0000-000000000000' };
}

function isBehind(a: TimelinePosition, b: TimelinePosition): boolean {
  const [first, second] = [BigInt(a.transaction), BigInt(b.transaction)];
  return first > second || (first === second && a.id > b.id);
}
