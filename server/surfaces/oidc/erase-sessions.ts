import type { Db } from '../../base/db.ts';
import type { Erased } from '../../features/customers/customers.ts';

/** Deletes what the protocol holds of an erased customer: sessions, grants with their tokens, sign-ins, open flows. */
export async function eraseSessions(tx: Db, { customers }: Erased): Promise<void> {
  const ids = [...customers];
  const granted = tx.selectFrom('grants').select('id').where('customer', 'in', ids);
  await tx.deleteFrom('tokens').where('grant_id', 'in', granted).execute();
  await tx.deleteFrom('grants').where('customer', 'in', ids).execute();
  await tx.deleteFrom('sessions').where('customer', 'in', ids).execute();
  await tx.deleteFrom('sign_ins').where('customer', 'in', ids).execute();
  await tx.deleteFrom('flows').where('customer', 'in', ids).execute();
}
