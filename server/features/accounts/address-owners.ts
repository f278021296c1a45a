import type { Db } from '../../base/db.ts';
import { type Customer, type EndSessions, findBySubject, proofsOf, provenOwners } from '../customers/customers.ts';
import type { AtDoor } from './at-door.ts';
import { recordProof } from './first-proof.ts';
import { findAccount, readAccounts } from './store.ts';

/**
 * An address was proven to sign in with: whose it is. Nobody's, one customer's, or several customers' to choose from.
 * Where nobody has proven it before, an account of `connection` that holds it becomes the prover's, stripped of what was
 * not proven (see `recordProof`). Runs in the caller's transaction.
 */
export async function proveOwners(
  tx: Db,
  proven: { address: string; how: 'code' | 'link'; connection: string | undefined; endSessions: EndSessions },
): Promise<AtDoor[]> {
  const { address, how, connection, endSessions } = proven;
  const proof = { address, how, origin: 'sign_in', used: [], endSessions } as const;
  const owners: AtDoor[] = [];
  for (const customer of await provenOwners(tx, 'email', address)) {
    const subject = await subjectWith(tx, customer, address, connection);
    await recordProof(tx, { ...proof, customer: customer.id, subject });
    owners.push({ customer, subject });
  }
  if (owners.length > 0 || !connection) return owners;
  const account = await findAccount(tx, connection, { kind: 'email', value: address });
  const holder = account && (await findBySubject(tx, account.subject));
  if (!account || !holder) return owners;
  const { customer } = await recordProof(tx, { ...proof, customer: holder.id, subject: account.subject });
  return [{ customer, subject: account.subject }];
}

/** As which subject a customer comes in by this address: the account of the connection, else one that proved it. */
async function subjectWith(
  tx: Db,
  customer: Customer,
  address: string,
  connection: string | undefined,
): Promise<string> {
  const subjects = (await proofsOf(tx, customer.id))
    .filter((proof) => proof.kind === 'email' && proof.address === address)
    .map((proof) => proof.subject);
  const accounts = await readAccounts(tx, { kind: 'email', value: address });
  const account = accounts.find((one) => one.connection === connection && subjects.includes(one.subject));
  const subject = account?.subject ?? subjects[0];
  if (!subject) throw new Error('a proven owner has a proof');
  return subject;
}
