import type { Db } from '../../base/db.ts';
import { timelineClasses } from './timeline.ts';
import { clearAddresses, dropMonths, ensureMonths } from './timeline-store.ts';

const monthsAhead = 3;
const monthsKept = 13;
const addressDays = 90;
const day = 24 * 60 * 60 * 1000;

/** Makes the months of every class ahead; a daily job, harmless when it is done already or done by several. */
export async function ensureTimeline(db: Db, at: Date): Promise<void> {
  for (const name of timelineClasses) await ensureMonths(db, name, at, monthsAhead);
}

/** Drops what is older than 13 months, and forgets IP addresses after 90 days; a daily job. */
export async function trimTimeline(db: Db, at: Date): Promise<void> {
  const oldest = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - monthsKept, at.getUTCDate()));
  for (const name of timelineClasses) await dropMonths(db, name, oldest);
  // A month back is enough for a job that runs every day, also after a long pause of it.
  const before = new Date(at.getTime() - addressDays * day);
  await clearAddresses(db, new Date(before.getTime() - 31 * day), before);
}
