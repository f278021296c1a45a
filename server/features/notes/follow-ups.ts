import { now } from '../../base/clock.ts';
import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';
import type { Where } from '../customers/customers.ts';
import { type Author, toAuthor, toColumns } from './author.ts';
import {
  deleteFollowUp,
  type FollowUpRow,
  insertFollowUp,
  readDueFollowUps,
  readFollowUp,
  updateFollowUp,
} from './store.ts';
import { onSubject } from './subject.ts';

/** What somebody means to do for a customer, and when. */
export type FollowUp = {
  readonly id: string;
  readonly text: string;
  /** The day, `2026-12-24`. */
  readonly date: string;
  readonly doneAt: Date | null;
  readonly author: Author;
  readonly version: number;
  readonly created_at: Date;
  readonly updated_at: Date;
};

/** The customer's follow-up, if any; of two (customers were merged) the open one that is due first, else the one done last. */
export async function followUpOf(db: Db, customerId: string): Promise<FollowUp | undefined> {
  const row = await readFollowUp(db, customerId);
  return row && toFollowUp(row);
}

/** A follow-up that is open, and whose it is (the customer's internal id). */
export type DueFollowUp = FollowUp & { readonly customer: string };

/** What is to be done, and whose: `until` a day, that one with it; `by` who set it. */
export type DueFilter = {
  readonly until?: string | undefined;
  readonly by?: Pick<Author, 'kind' | 'id'> | undefined;
  /** A condition on the row of `customers`. */
  readonly where?: Where | undefined;
};

/** Open follow-ups, the longest due first; of a customer who has two, the first. `after`: the last of the page before. */
export async function dueFollowUps(
  db: Db,
  filter: DueFilter,
  page: { limit: number; after?: { date: string; id: string } | undefined },
): Promise<DueFollowUp[]> {
  const rows = await readDueFollowUps(db, filter, page);
  return rows.map((row) => ({ ...toFollowUp(row), customer: row.customer }));
}

/** Makes one. @throws Problem `already_exists` while another one is open */
export function setFollowUp(
  db: Db,
  customerId: string,
  author: Author,
  { text, date }: { text: string; date: string },
): Promise<FollowUp> {
  return onSubject(db, customerId, async (tx, subject, living) => {
    const old = await readFollowUp(tx, living);
    if (old && old.done_at === null) {
      throw new Problem('already_exists', 'There is an open follow-up already. Change that one, or mark it as done.');
    }
    const row = { subject, id: uuid(), text, due: date, at: now(), ...toColumns(author) };
    return toFollowUp(await insertFollowUp(tx, row));
  });
}

/** @throws Problem `not_found`, `changed_meanwhile` when it is not of this version any more */
export async function changeFollowUp(
  db: Db,
  customerId: string,
  change: {
    text?: string | undefined;
    date?: string | undefined;
    done?: boolean | undefined;
    version?: number | undefined;
  },
): Promise<FollowUp> {
  const old = await find(db, customerId);
  const at = now();
  const { text = old.text, date = old.due, done = old.done_at !== null } = change;
  // What is not told stays as it was read: so the write counts only if nobody wrote in between.
  const version = change.version ?? old.version;
  const row = await updateFollowUp(db, old, {
    text,
    due: date,
    doneAt: done ? (old.done_at ?? at) : null,
    version,
    at,
  });
  if (row) return toFollowUp(row);
  await find(db, customerId);
  throw new Problem('changed_meanwhile');
}

/** Nothing happens when there is none. */
export async function removeFollowUp(db: Db, customerId: string): Promise<void> {
  const row = await readFollowUp(db, customerId);
  if (row) await deleteFollowUp(db, row);
}

async function find(db: Db, customerId: string): Promise<FollowUpRow> {
  const row = await readFollowUp(db, customerId);
  if (row) return row;
  throw new Problem('not_found', 'There is no follow-up.', { errorCode: 'inexistent_follow_up' });
}

function toFollowUp(row: FollowUpRow): FollowUp {
  const { id, text, due: date, done_at: doneAt, version, created_at, updated_at } = row;
  return { id, text, date, doneAt, author: toAuthor(row), version, created_at, updated_at };
}
