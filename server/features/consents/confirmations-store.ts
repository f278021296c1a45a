import { type Selectable, sql } from 'kysely';
import { consentPurpose } from '../../../contract/consents.ts';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';
import type { Consent, Scope } from './consent.ts';
import type { Proof } from './store.ts';

/** A yes that waits for its click. */
export type WaitingConsent = Omit<Consent, 'given'> & Omit<Proof, 'confirmation'> & { readonly address: string };

type Row = Selectable<DB['consent_confirmations']>;

export async function insertConfirmation(
  tx: Db,
  waiting: WaitingConsent & { secretHash: Buffer; expiresAt: Date },
): Promise<void> {
  const { secretHash, expiresAt, ...row } = waiting;
  await tx
    .insertInto('consent_confirmations')
    .values({ ...row, secret_hash: secretHash, expires_at: expiresAt })
    .execute();
}

/** The one that this secret confirms, if it still waits. */
export async function readConfirmation(
  db: Db,
  { id, hashes }: { id: string; hashes: readonly Buffer[] },
  at: Date,
): Promise<WaitingConsent | undefined> {
  const row = await db
    .selectFrom('consent_confirmations')
    .selectAll()
    .where('id', '=', id)
    .where('secret_hash', 'in', [...hashes])
    .where('consumed_at', 'is', null)
    .where('expires_at', '>', at)
    .executeTakeFirst();
  return row && toWaiting(row);
}

/** Uses it up; of many at once one gets true. */
export async function consumeConfirmation(tx: Db, { id, subject }: WaitingConsent, at: Date): Promise<boolean> {
  const updated = await tx
    .updateTable('consent_confirmations')
    .set({ consumed_at: at })
    .where('id', '=', id)
    .where('subject', '=', subject)
    .where('consumed_at', 'is', null)
    .where('expires_at', '>', at)
    .executeTakeFirst();
  return updated.numUpdatedRows > 0n;
}

/**
 * What waited for this, or something narrower, does so no longer.
 *
 * @returns was there any whose time was not up
 */
export async function dropWaiting(tx: Db, subjects: readonly string[], scope: Scope, at: Date): Promise<boolean> {
  const { brand, purpose, topic } = scope;
  const { rows } = await sql<{ expires_at: Date }>`
    delete from consent_confirmations
    where subject = any(${subjects}::uuid[]) and consumed_at is null and purpose = ${purpose}
      and (${brand}::uuid is null or brand = ${brand}) and (${topic}::text is null or topic = ${topic})
    returning expires_at`.execute(tx);
  return rows.some(({ expires_at }) => expires_at > at);
}

export async function deleteConfirmations(tx: Db, subjects: readonly string[]): Promise<void> {
  await sql`delete from consent_confirmations where subject = any(${subjects}::uuid[])`.execute(tx);
}

function toWaiting({ secret_hash: _s, expires_at: _e, consumed_at: _c, ...row }: Row): WaitingConsent {
  return withPurpose(row);
}

/** A row, its purpose read. */
export function withPurpose<Read extends { readonly purpose: string }>(
  row: Read,
): Read & Pick<WaitingConsent, 'purpose'> {
  return { ...row, purpose: consentPurpose.parse(row.purpose) };
}
