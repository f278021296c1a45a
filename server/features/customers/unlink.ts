import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';
import type { Act, Customer, EndSessions } from './customer.ts';
import { insertCustomer, readCustomer, setEraseAt } from './customers-store.ts';
import { readIdentitiesOf } from './identities-store.ts';
import { idAtProvider } from './identity-ids.ts';
import { partVisits } from './last-sign-in.ts';
import { lockCustomers } from './locks.ts';
import { moveSubjects } from './members-store.ts';
import { choosePrimary } from './primary.ts';
import { refoldLocked } from './refold.ts';
import { appendTimeline } from './timeline.ts';
import { issueUserId } from './user-ids.ts';

/**
 * Takes an identity off a customer. Its subject, with what was learned of it, becomes at once a customer of its own:
 * under its own `provider|id` if that was never issued, else under a new one. If it was the primary identity, the
 * oldest one left becomes primary; the customer's `user_id` stays.
 *
 * @param act `endSessions` is called for the customer, who may be signed in by the identity that goes
 * @throws Problem `not_found` (the subject is no identity of this customer), `last_way_in` (it is the only one)
 */
export function unlink(
  db: Db,
  customerId: string,
  subject: string,
  { by, origin, at, endSessions }: Act & { endSessions: EndSessions },
): Promise<{ remaining: Customer; separated: Customer }> {
  return transact(db, async (tx) => {
    const [living = customerId] = await lockCustomers(tx, [customerId]);
    const identities = (await readIdentitiesOf(tx, [living])).get(living) ?? [];
    const identity = identities.find((one) => one.subject === subject);
    if (!identity) throw new Problem('not_found', 'This identity does not belong to the user.');
    const [next] = identities.filter((one) => one.subject !== subject);
    if (!next) throw new Problem('last_way_in');
    await endSessions(tx, living);

    const act = uuid();
    const separatedId = uuid();
    const { provider, connection } = identity;
    const id = idAtProvider(provider, identity.user_id);
    const userId = await issueUserId(tx, { provider, connection, id }, { customer: separatedId, subject, at });
    await insertCustomer(tx, { id: separatedId, userId, primarySubject: subject, at });
    // Whoever asked to be erased did so for all that was theirs then.
    const eraseAt = (await readCustomer(tx, living))?.erase_at;
    if (eraseAt) await setEraseAt(tx, separatedId, eraseAt);
    await moveSubjects(tx, { subjects: [subject], to: separatedId, reason: 'unlinked', act, at });
    await choosePrimary(tx, living);
    await partVisits(tx, [separatedId, living]);
    const separated = await refoldLocked(tx, separatedId, at);
    const remaining = await refoldLocked(tx, living, at);

    const row = { class: 'profile', source: by, name: 'unlinked', occurredAt: at, data: { act, origin } } as const;
    await appendTimeline(tx, [
      { ...row, subject },
      { ...row, subject: identities.find((one) => one.is_primary && one.subject !== subject)?.subject ?? next.subject },
    ]);
    return { remaining, separated };
  });
}
