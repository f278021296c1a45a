import type { Db } from '../../base/db.ts';
import { subjectsOf } from '../customers/customers.ts';
import { deleteOpenCodes } from './code-store.ts';

/**
 * Every code and link that was mailed for this customer and not used is dead (but for "this was not me", which gives
 * nobody anything that their mailbox does not: else whoever came in could take it from the owner); also those that were for one of its
 * identities when that still was, before a merge, somebody else's.
 */
export async function dropPending(tx: Db, customer: string): Promise<void> {
  await deleteOpenCodes(tx, { customer, subjects: await subjectsOf(tx, customer), keep: 'not_me' });
}

/** The same with "this was not me": it was mailed to whoever claimed an address that was now proven by its owner. */
export async function dropClaimed(tx: Db, customer: string): Promise<void> {
  await deleteOpenCodes(tx, { customer, subjects: await subjectsOf(tx, customer) });
}
