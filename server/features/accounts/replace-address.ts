import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import {
  appendTimeline,
  disprove,
  type EndSessions,
  findBySubject,
  learn,
  lockCustomers,
  type Proof,
  proofsOf,
} from '../customers/customers.ts';
import type { Asked } from './asked.ts';
import type { AtDoor } from './at-door.ts';
import { dropPending } from './drop-pending.ts';
import { followAddress } from './factors/follow-address.ts';
import { type Dropped, recordProof } from './first-proof.ts';
import { tell } from './notices.ts';
import { deleteIdentifiers, findAccount, insertIdentifier, lockIdentifier, readIdentifiers } from './store.ts';
import { happened } from './timeline-names.ts';

const origin = 'change_email';

/**
 * A new address is proven and takes the place of the old one, which is told, no longer signs in, and no longer counts
 * as proven; a second factor there is at the new one. Codes and links that were mailed before are dead. Nobody changes an address in another way.
 *
 * @param change `used`: subjects whose ways in were proven beside the address (see `recordProof`), by what the customer
 *   had proven until now
 * @throws Problem identifier_taken, code_expired (the account is gone, or has no address to be replaced)
 */
export async function replaceAddress(
  base: Pick<Base, 'config'>,
  tx: Db,
  change: {
    subject: string;
    /** Normalised. */
    address: string;
    how: 'code' | 'link';
    used: (known: readonly Proof[]) => readonly string[];
    asked: Asked;
    endSessions: EndSessions;
  },
): Promise<AtDoor & { dropped: readonly Dropped[] }> {
  const { subject, address, how, used, asked, endSessions } = change;
  const holder = await findBySubject(tx, subject);
  const old = (await readIdentifiers(tx, [subject])).find(({ kind }) => kind === 'email');
  if (!holder || !old) throw new Problem('code_expired');
  const { connection } = old;
  const identifier = { kind: 'email', value: address } as const;
  await lockIdentifier(tx, connection, identifier);
  // Of two changes at once the later must see, and replace, what the earlier wrote.
  await lockCustomers(tx, [holder.id]);
  const taken = await findAccount(tx, connection, identifier);
  if (taken && taken.subject !== subject) throw new Problem('identifier_taken');
  const at = now();
  await tell(base, tx, { customer: holder.id, content: { kind: 'email_changed', address }, asked });
  const gone = await deleteIdentifiers(tx, subject, 'email', address);
  if (!taken) await insertIdentifier(tx, { connection, subject, ...identifier });
  await learn(tx, subject, [{ path: 'email', value: address, source: 'customer', origin, at }]);
  const known = await proofsOf(tx, holder.id);
  const proof = { customer: holder.id, subject, address, how, origin, used: used(known), endSessions } as const;
  const { dropped } = await recordProof(tx, proof);
  for (const value of gone) await disprove(tx, holder.id, 'email', value);
  const customer = (await findBySubject(tx, subject)) ?? holder;
  for (const id of new Set([holder.id, customer.id])) {
    await followAddress(base, tx, {
      customer: id,
      kind: 'email',
      gone,
      to: id === customer.id ? address : undefined,
      asked,
    });
    await dropPending(tx, id);
  }
  await appendTimeline(tx, [happened('address_changed', subject, asked, { occurredAt: at })]);
  return { customer, subject, dropped };
}
