import { z } from 'zod';
import { type Db, transact } from '../../base/db.ts';
import { readSetting, writeSetting } from '../../base/settings.ts';
import { chainOf } from './seal.ts';
import { deleteUpTo, lockChain, readOldSeals, writeChain } from './store.ts';

const setting = 'audit_years';
const years = z.int().min(1).max(100).catch(5);
const batch = 200;

/** For how many years the log is kept; 5 unless the umbrella says otherwise. */
export async function readAuditYears(db: Db): Promise<number> {
  return years.parse(await readSetting(db, setting));
}

export function writeAuditYears(tx: Db, value: number): Promise<void> {
  return writeSetting(tx, setting, value);
}

/** Deletes what is older than the log is kept for, seal by seal: what is left still verifies. */
export async function trimAudit(db: Db, at: Date): Promise<void> {
  const before = new Date(at);
  before.setUTCFullYear(before.getUTCFullYear() - (await readAuditYears(db)));
  while (await trimOnce(db, before));
}

/** @returns whether there may be more */
function trimOnce(db: Db, before: Date): Promise<boolean> {
  return transact(db, async (tx) => {
    const chain = await lockChain(tx);
    const old = chain ? await readOldSeals(tx, before, batch) : [];
    const last = old.at(-1);
    if (!chain || !last) return false;
    await deleteUpTo(tx, last.number);
    await writeChain(tx, chainOf(tx, last, { number: chain.last_number, hash: chain.last_hash }));
    return old.length === batch;
  });
}
