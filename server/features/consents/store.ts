import { consentPurpose } from '../../../contract/consents.ts';
import type { Db } from '../../base/db.ts';
import { uuid } from '../../base/ids.ts';
import type { Consent } from './consent.ts';

/** Everything these subjects ever said. */
export async function readConsents(db: Db, subjects: readonly string[]): Promise<Consent[]> {
  if (subjects.length === 0) return [];
  const rows = await db.selectFrom('consents').selectAll().where('subject', 'in', subjects).orderBy('at').execute();
  return rows.map(({ ip: _ip, ...row }) => ({ ...row, purpose: consentPurpose.parse(row.purpose) }));
}

export async function insertConsents(
  tx: Db,
  consents: readonly (Omit<Consent, 'id'> & { ip: string | null })[],
): Promise<void> {
  if (consents.length === 0) return;
  await tx
    .insertInto('consents')
    .values(consents.map((consent) => ({ ...consent, id: uuid() })))
    .execute();
}

export async function deleteConsents(tx: Db, subjects: readonly string[]): Promise<void> {
  if (subjects.length > 0) await tx.deleteFrom('consents').where('subject', 'in', subjects).execute();
}
