import type { Db } from '../../base/db.ts';
import { type Customer, findBySubject, provenOwners } from '../customers/customers.ts';
import { readAccounts } from './store.ts';

// Against whom failures at an address count. Nothing is opened by this.

/** The one customer who proved this address; undefined where nobody did, or several. */
export async function soleOwner(db: Db, address: string): Promise<Customer | undefined> {
  const [owner, another] = await provenOwners(db, 'email', address);
  return another ? undefined : owner;
}

/** The customer whose account is the only one with this address, proven or not. */
export async function soleHolder(db: Db, address: string): Promise<Customer | undefined> {
  const [account, another] = await readAccounts(db, { kind: 'email', value: address });
  return account && !another ? findBySubject(db, account.subject) : undefined;
}
