import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { appendTimeline, identitiesOf, lockCustomers, proofsOf } from '../customers/customers.ts';
import type { Asked } from './asked.ts';
import { tell } from './notices.ts';
import { readPasskeys } from './passkey-store.ts';
import { deletePasswords, readPasswords } from './store.ts';
import { happened } from './timeline-names.ts';

/** Something that opens an account: a password, a passkey, a code sent to a proven address or number, or a network. */
export type WayIn =
  | {
      kind: 'password';
      id: string;
      subject: string;
      connection: string;
      provedAt: Date | null;
      lastUsedAt: Date | null;
      createdAt: Date;
    }
  | {
      kind: 'passkey';
      id: string;
      subject: string;
      connection: string;
      name: string;
      /** Is it on all devices of the person, or in one authenticator? */
      isSynced: boolean;
      provedAt: Date | null;
      lastUsedAt: Date | null;
      createdAt: Date;
    }
  | { kind: 'code'; subject: string; address: string }
  | { kind: 'network'; subject: string; connection: string };

/** Every way into this customer's account, by identity, the primary one first. */
export async function waysIn(db: Db, customerId: string): Promise<WayIn[]> {
  const identities = await identitiesOf(db, customerId);
  const subjects = identities.map((identity) => identity.subject);
  const passwords = await readPasswords(db, subjects);
  const passkeys = await readPasskeys(db, subjects);
  const proofs = await proofsOf(db, customerId);
  return identities.flatMap(({ subject, provider, connection }): WayIn[] => {
    const addresses = proofs.flatMap((proof) => {
      // Text messages are offered where that connection is; mails wherever there are accounts.
      const opens = proof.kind === 'email' || provider === 'sms';
      return opens && proof.subject === subject ? proof.address : [];
    });
    return [
      ...passwords
        .filter((password) => password.subject === subject)
        .map(({ id, provedAt, lastUsedAt, createdAt }) => {
          return { kind: 'password' as const, id, subject, connection, provedAt, lastUsedAt, createdAt };
        }),
      ...passkeys
        .filter((passkey) => passkey.subject === subject)
        .map(({ id, name, isSynced, provedAt, lastUsedAt, createdAt }) => {
          return { kind: 'passkey' as const, id, subject, connection, name, isSynced, provedAt, lastUsedAt, createdAt };
        }),
      ...(provider === 'auth0' || provider === 'sms' ? [] : [{ kind: 'network' as const, subject, connection }]),
      ...[...new Set(addresses)].map((address) => ({ kind: 'code' as const, subject, address })),
    ];
  });
}

/**
 * Before a password or passkey is removed or an identity is unlinked, or when something else was taken away:
 * something must be left to come in by.
 *
 * @throws Problem last_way_in
 */
export async function checkNotLastWayIn(
  db: Db,
  customerId: string,
  without: { method: string } | { subject: string } | undefined = undefined,
): Promise<void> {
  const left = (await waysIn(db, customerId)).filter((way) => {
    if (!without) return true;
    return 'subject' in without ? way.subject !== without.subject : !('id' in way && way.id === without.method);
  });
  if (left.length === 0) throw new Problem('last_way_in');
}

/** Removes a password; all proven addresses are told. Throws last_way_in, not_found. */
export async function removePassword(
  base: Pick<Base, 'config' | 'db'>,
  act: { customer: string; method: string; asked: Asked },
): Promise<void> {
  const { customer, method, asked } = act;
  await transact(base.db, async (tx) => {
    // Two ways that are removed at once must not each count on the other.
    await lockCustomers(tx, [customer]);
    const way = (await waysIn(tx, customer)).find((one) => one.kind === 'password' && one.id === method);
    if (!way) throw new Problem('not_found', 'This account has no such password.');
    await checkNotLastWayIn(tx, customer, { method });
    await deletePasswords(tx, [way.subject], { unproven: false });
    await appendTimeline(tx, [happened('password_removed', way.subject, asked, { occurredAt: now() })]);
    await tell(base, tx, { customer, content: { kind: 'password_removed' }, asked });
  });
}
