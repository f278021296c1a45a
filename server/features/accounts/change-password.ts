import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { queueActions } from '../actions/actions.ts';
import {
  appendTimeline,
  type EndSessions,
  findBySubject,
  lockCustomers,
  proofsOf,
  recordPasswordReset,
} from '../customers/customers.ts';
import { acceptFor } from './accept-for.ts';
import { actionsAbout } from './actions-about.ts';
import type { Asked } from './asked.ts';
import { dropPending } from './drop-pending.ts';
import { guess } from './guess.ts';
import { forgetFailures } from './limits.ts';
import { tell } from './notices.ts';
import { type AcceptedPassword, checkNewPassword, type PasswordGround } from './password.ts';
import { addressOf } from './reset.ts';
import { readPasswords, writePassword } from './store.ts';
import { happened } from './timeline-names.ts';

/**
 * Changes the password of somebody who knows the present one. Ends sessions and pending codes, tells all proven
 * addresses.
 *
 * @throws Problem wrong_credentials, too_many_attempts, password_weak (extra: reason), not_found, busy
 */
export async function changePassword(
  base: PasswordGround & Pick<Base, 'vault'>,
  change: { subject: string; current: string; next: string; asked: Asked; endSessions: EndSessions },
): Promise<void> {
  const { subject, current, next, asked, endSessions } = change;
  const customer = await findBySubject(base.db, subject);
  const [method] = await readPasswords(base.db, [subject]);
  if (!customer || !method) throw new Problem('not_found', 'This account has no password.');
  checkNewPassword(next, await addressOf(base.db, subject));
  const result = await guess(base, { customer: customer.id }, asked, async () => {
    return (await base.hasher.verify(method.hash, current)).ok || undefined;
  });
  if (!result.right) {
    await appendTimeline(base.db, [happened('wrong_password', subject, asked, { occurredAt: now() })]);
    throw new Problem('wrong_credentials', 'That is not your present password.');
  }
  const { hash, remember } = await acceptFor(base, { subject, password: next, brand: asked.brand.name });
  await transact(base.db, async (tx) => {
    const at = now();
    await lockCustomers(tx, [customer.id]);
    // Whoever was faster has changed it; then the present password is not the present one any more.
    const [still] = await readPasswords(tx, [subject]);
    if (still?.id !== method.id) throw new Problem('wrong_credentials', 'That is not your present password.');
    await writePassword(tx, { subject, hash, provedAt: method.provedAt, at, remember });
    await recordPasswordReset(tx, subject, at);
    await dropPending(tx, customer.id);
    await endSessions(tx, customer.id);
    await appendTimeline(tx, [
      happened('password_changed', subject, asked, { occurredAt: at, data: { by: 'customer' } }),
    ]);
    await tell(base, tx, { customer: customer.id, content: { kind: 'password_changed' }, asked });
    await queueActions(base, tx, 'post-change-password', actionsAbout(subject, asked));
  });
}

/**
 * The umbrella sets a password (management API). It counts as proven only if the account's address is. Ends sessions
 * and pending codes, lifts blocks.
 *
 * @param change `accepted`, when `db` is a transaction: none should be held open while a password is judged and hashed
 * @throws Problem not_found, password_weak (extra: reason), busy
 */
export async function setPassword(
  base: PasswordGround & Pick<Base, 'vault'>,
  db: Db,
  change: { subject: string; password: string; accepted?: AcceptedPassword | undefined; endSessions: EndSessions },
): Promise<void> {
  const { subject, password, endSessions } = change;
  const address = await addressOf(db, subject);
  const { hash, remember } = change.accepted ?? (await acceptFor(base, { subject, password }));
  await transact(db, async (tx) => {
    const customer = await findBySubject(tx, subject);
    if (!customer) throw new Problem('not_found', 'The user does not exist.');
    // Held before its rows, as by everybody: else this and a change by the customer could wait for each other.
    await lockCustomers(tx, [customer.id]);
    const at = now();
    const proven = (await proofsOf(tx, customer.id)).some((proof) => proof.address === address);
    await writePassword(tx, { subject, hash, provedAt: proven ? at : null, at, remember });
    await recordPasswordReset(tx, subject, at);
    await dropPending(tx, customer.id);
    await endSessions(tx, customer.id);
    await forgetFailures(base, tx, { customer: customer.id });
    await queueActions(base, tx, 'post-change-password', { subject });
  });
}
