import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { hex24 } from '../../base/ids.ts';
import { readCustomer, readLivingId } from './customers-store.ts';
import { checkId, shownId } from './identity-ids.ts';
import { insertUserId, readUserIds } from './user-ids-store.ts';

/**
 * Issues the `user_id` of a new customer: its identity's own, `provider|id`, if that was never issued, else
 * `provider|<24 hex>`. None is ever issued twice.
 */
export function issueUserId(
  db: Db,
  identity: { provider: string; connection: string; id: string },
  to: { customer: string; subject: string; at: Date },
): Promise<string> {
  const { provider, connection, id } = identity;
  return transact(db, async (tx) => {
    let userId = `${provider}|${shownId(provider, connection, id)}`;
    while (!(await insertUserId(tx, { userId, ...to }))) userId = `${provider}|${hex24()}`;
    return userId;
  });
}

/** Keeps an id that comes from elsewhere. @throws Problem `already_exists` if it was ever issued, `invalid_body` */
export async function keepUserId(
  tx: Db,
  userId: string,
  to: { customer: string; subject: string; at: Date },
): Promise<string> {
  if (checkId(userId).startsWith('erased|')) throw new Problem('invalid_body', 'No user_id begins with "erased|".');
  if (!(await insertUserId(tx, { userId, ...to }))) throw new Problem('already_exists', 'The user already exists.');
  return userId;
}

/** Ids of customers that were merged into this one (`previous_subs`), the oldest first. */
export async function previousIds(db: Db, customerId: string): Promise<string[]> {
  const living = await readLivingId(db, customerId);
  const customer = living ? await readCustomer(db, living) : undefined;
  if (!customer) return [];
  return (await readUserIds(db, customer.id)).filter((userId) => userId !== customer.user_id);
}
