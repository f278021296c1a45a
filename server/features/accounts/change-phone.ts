import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import {
  appendTimeline,
  disprove,
  findById,
  identitiesOf,
  learn,
  lockCustomers,
  prove,
  provenOwners,
} from '../customers/customers.ts';
import type { Asked } from './asked.ts';
import { dropPending } from './drop-pending.ts';
import { deleteErasedAddress } from './erasure-store.ts';
import { followAddress } from './factors/follow-address.ts';
import { tell } from './notices.ts';
import { redeemPhoneCode } from './phone-code.ts';
import { happened } from './timeline-names.ts';

/**
 * A customer who is signed in typed the code that `beginPhoneCode` sent to a number: it is theirs from now on, proven,
 * and takes the place of the one before, which opens nothing any more. Second factors there are at the new one. The
 * caller has made sure that it is them. All proven addresses are told.
 *
 * @throws Problem identifier_taken (by another account), code_wrong (extra: remaining), code_expired, flow_expired (the
 *   session has ended), too_many_attempts, busy; access_denied when several have proven the number
 */
export async function completePhoneChange(
  base: Pick<Base, 'config' | 'db' | 'vault'>,
  change: {
    customer: string;
    phone: string;
    typed: string;
    flow: string;
    asked: Asked;
    /** Is the session that asks still there? Asked while the customer is held. */
    isSignedIn: (tx: Db) => Promise<boolean>;
  },
): Promise<void> {
  const { customer, typed, flow, asked, isSignedIn } = change;
  const { phone } = await redeemPhoneCode(base, { phone: change.phone, typed, place: { flow }, asked });
  await transact(base.db, async (tx) => {
    const at = now();
    const [id = customer] = await lockCustomers(tx, [customer]);
    if (!(await isSignedIn(tx))) throw new Problem('flow_expired');
    if ((await provenOwners(tx, 'phone', phone)).some((owner) => owner.id !== id)) {
      throw new Problem('identifier_taken', undefined, { reason: 'phone_taken' });
    }
    const identities = await identitiesOf(tx, id);
    // The identity that signs in by text messages goes on by the new number.
    const subject = (identities.find(({ provider }) => provider === 'sms') ?? identities[0])?.subject;
    const old = (await findById(tx, id))?.phone_number;
    if (subject === undefined) throw new Problem('not_found', 'There is no such account.');
    await learn(tx, subject, [{ path: 'phone_number', value: phone, source: 'customer', origin: 'account', at }]);
    if (old && old !== phone) {
      await disprove(tx, id, 'phone', old);
      await followAddress(base, tx, { customer: id, kind: 'phone', gone: [old], to: phone, asked });
      await dropPending(tx, id);
    }
    await prove(tx, subject, { kind: 'phone', address: phone, how: 'code', origin: 'account', at });
    // Who was erased has come back: from now on the umbrella may give the number to somebody again.
    await deleteErasedAddress(tx, 'phone', phone);
    const data = { path: 'phone_number' };
    await appendTimeline(tx, [happened('value_corrected', subject, asked, { occurredAt: at, data })]);
    await tell(base, tx, { customer: id, content: { kind: 'profile_changed' }, asked });
  });
}
