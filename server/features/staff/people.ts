import type { Db } from '../../base/db.ts';
import { readStaff, type Staff } from './people-store.ts';

/** One of the staff, from the database. */
export function getStaff(db: Db, id: string): Promise<Staff | undefined> {
  return readStaff(db, { id });
}
