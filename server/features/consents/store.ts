import { type Selectable, sql } from 'kysely';
import { z } from 'zod';
import { consentPurpose } from '../../../contract/consents.ts';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';
import { uuid } from '../../base/ids.ts';
import type { Consent } from './consent.ts';

const confirmation = z.object({ asked_at: z.iso.datetime(), ip: z.string().nullable(), address: z.string() });

/** What proves a consent beside the words: where it was said, who wrote it down. */
export type Proof = {
  /** Client id. */
  readonly portal: string | null;
  /** In words, as a machine tells it. */
  readonly place: string | null;
  /** The machine that wrote it down. */
  readonly client: string | null;
  readonly ip: string | null;
  /** Of a double opt-in: when and from where it was asked, and which address was written to. */
  readonly confirmation: z.infer<typeof confirmation> | null;
};

export type KeptConsent = Consent & Proof;

/** Everything these subjects ever said, the oldest first. */
export async function readConsents(db: Db, subjects: readonly string[]): Promise<KeptConsent[]> {
  if (subjects.length === 0) return [];
  const rows = await db
    .selectFrom('consents')
    .selectAll()
    .where('subject', 'in', subjects)
    .orderBy('at')
    .orderBy('id')
    .execute();
  return rows.map(toKept);
}

/** `brands`: only what was said to these (ids) or to the umbrella; null or left out: to anybody. */
export type ConsentPage = { offset: number; limit: number; brands?: ReadonlySet<string> | null | undefined };

/** A page of the same, the newest first. */
export async function readConsentPage(
  db: Db,
  subjects: readonly string[],
  { offset, limit, brands = null }: ConsentPage,
): Promise<KeptConsent[]> {
  if (subjects.length === 0) return [];
  const rows = await db
    .selectFrom('consents')
    .selectAll()
    .where('subject', 'in', subjects)
    .where(isOfBrands(brands))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .offset(offset)
    .limit(limit)
    .execute();
  return rows.map(toKept);
}

export async function countConsents(
  db: Db,
  subjects: readonly string[],
  brands: ConsentPage['brands'] = null,
): Promise<number> {
  if (subjects.length === 0) return 0;
  const { count } = await db
    .selectFrom('consents')
    .select((select) => select.fn.countAll<string>().as('count'))
    .where('subject', 'in', subjects)
    .where(isOfBrands(brands))
    .executeTakeFirstOrThrow();
  return Number(count);
}

function isOfBrands(brands: ConsentPage['brands']) {
  return brands ? sql<boolean>`(brand is null or brand = any(${[...brands]}::uuid[]))` : sql<boolean>`true`;
}

/** A row, read. */
export function toKept(row: Selectable<DB['consents']>): KeptConsent {
  return {
    ...row,
    purpose: consentPurpose.parse(row.purpose),
    confirmation: confirmation.nullable().parse(row.confirmation),
  };
}

export async function insertConsents(tx: Db, consents: readonly Omit<KeptConsent, 'id'>[]): Promise<void> {
  if (consents.length === 0) return;
  const rows = consents.map((consent) => ({
    ...consent,
    id: uuid(),
    confirmation: consent.confirmation && JSON.stringify(consent.confirmation),
  }));
  await tx.insertInto('consents').values(rows).execute();
}

export async function deleteConsents(tx: Db, subjects: readonly string[]): Promise<void> {
  if (subjects.length > 0) await tx.deleteFrom('consents').where('subject', 'in', subjects).execute();
}
