import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import {
  addIdentity,
  appendTimeline,
  disprove,
  type EndSessions,
  findBySubject,
  identitiesOf,
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
import { deleteIdentifiers, findAccount, insertIdentifier, lockIdentifier } from './store.ts';
import { happened } from './timeline-names.ts';

const origin = 'change_email';

/**
 * A new address is proven and takes the place of the old one, which is told, no longer signs in, and no longer counts
 * as proven; a second factor there is at the new one. Codes and links that were mailed before are dead. An account that
 * had none has one from now on, and who came by networks alone gets an account for it. Nobody changes an address in
 * another way.
 *
 * @param change `subject`: the account, or any identity of somebody who has none; `connection`: where one is made then;
 *   `used`: subjects whose ways in were proven beside the address (see `recordProof`), by what the customer had proven
 *   until now
 * @throws Problem identifier_taken, code_expired (the account is gone), flow_expired (the session has ended)
 */
export async function replaceAddress(
  base: Pick<Base, 'config'>,
  tx: Db,
  change: {
    subject: string;
    /** Normalised. */
    address: string;
    connection?: string | undefined;
    how: 'code' | 'link';
    used: (known: readonly Proof[]) => readonly string[];
    asked: Asked;
    endSessions: EndSessions;
    /** Is the session that asks still there? Asked while the customer is held; left out where none asks. */
    isSignedIn?: ((tx: Db) => Promise<boolean>) | undefined;
  },
): Promise<AtDoor & { dropped: readonly Dropped[] }> {
  const { address, how, used, asked, endSessions, isSignedIn } = change;
  const holder = await findBySubject(tx, change.subject);
  const connection = holder && (await placeOf(tx, holder.id, change))?.connection;
  if (!holder || connection === undefined) throw new Problem('code_expired');
  const identifier = { kind: 'email', value: address } as const;
  await lockIdentifier(tx, connection, identifier);
  // Of two changes at once the later must see, and replace, what the earlier wrote.
  await lockCustomers(tx, [holder.id]);
  if (isSignedIn && !(await isSignedIn(tx))) throw new Problem('flow_expired');
  const place = await placeOf(tx, holder.id, change);
  if (place?.connection !== connection) throw new Problem('code_expired');
  const at = now();
  const subject = place.subject ?? (await makeAccount(tx, holder.id, connection, at));
  const taken = await findAccount(tx, connection, identifier);
  if (taken && taken.subject !== subject) throw new Problem('identifier_taken');
  await tell(base, tx, { customer: holder.id, content: { kind: 'email_changed', address }, asked });
  const gone = await deleteIdentifiers(tx, subject, 'email', address);
  if (!taken) await insertIdentifier(tx, { connection, subject, ...identifier });
  await learn(tx, subject, [{ path: 'email', value: address, source: 'customer', origin, at }]);
  const known = await proofsOf(tx, holder.id);
  const proof = {
    customer: holder.id,
    subject,
    address,
    how,
    origin,
    used: place.subject ? used(known) : [...used(known), subject],
    endSessions,
  } as const;
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

/** The account whose address it becomes, or the connection in which one is to be made. */
async function placeOf(
  tx: Db,
  customer: string,
  { subject, connection }: { subject: string; connection?: string | undefined },
): Promise<{ connection: string; subject?: string } | undefined> {
  const accounts = (await identitiesOf(tx, customer)).filter(({ provider }) => provider === 'auth0');
  const own = accounts.find((one) => one.subject === subject) ?? accounts.find((one) => one.connection === connection);
  return own ?? (connection === undefined ? undefined : { connection });
}

async function makeAccount(tx: Db, customer: string, connection: string, at: Date): Promise<string> {
  const identity = { provider: 'auth0', connection, isSocial: false, facts: [], proofs: [], at };
  return (await addIdentity(tx, customer, identity)).subject;
}
