import { sql } from 'kysely';
import { z } from 'zod';
import type { Db } from '../../../base/db.ts';
import { statement } from '../../../base/statement.ts';
import { type Factor, type FactorKind, factorKinds } from './factor.ts';

const data = z.object({
  name: z.string().nullish(),
  phone: z.string().optional(),
  address: z.string().optional(),
  hashes: z.array(z.string()).optional(),
});

type Row = {
  id: string;
  subject: string;
  type: string;
  data: unknown;
  sealed: string | null;
  created_at: Date;
  last_used_at: Date | null;
};

/** A factor with its secret, if it has one: the ciphertext. */
export type StoredFactor = { readonly factor: Factor; readonly sealed: string | null };

const factorsOfCustomer = statement<Row>(`
  select a.id, a.subject, a.type, a.data, a.sealed, a.created_at, a.last_used_at
  from members m join authentication_methods a on a.subject = m.subject
  where m.customer = $1::uuid and m.until is null and a.type in (${factorKinds.map((kind) => `'${kind}'`).join(', ')})
  order by a.created_at, a.id`);

/**
 * `has_factor` for a query that finds a customer by what it keeps itself: can they be asked for a second factor?
 *
 * @param customer what stands for the customer's id there
 */
export function factorColumn(customer: string): string {
  return `
    exists (select from members o join authentication_methods f on f.subject = o.subject
      and f.type in ('totp', 'phone', 'email')
      where o.customer = ${customer} and o.until is null) as has_factor`;
}

/** Every second factor of a customer, over all subjects, the oldest first. */
export async function readFactors(db: Db, customer: string): Promise<StoredFactor[]> {
  return (await factorsOfCustomer(db, [customer])).map(toFactor);
}

export async function insertFactor(
  tx: Db,
  factor: {
    id: string;
    subject: string;
    kind: FactorKind;
    data: z.infer<typeof data>;
    sealed?: string | undefined;
    lastStep?: number | undefined;
    at: Date;
  },
): Promise<void> {
  const { id, subject, kind, sealed = null, lastStep = null, at } = factor;
  await tx
    .insertInto('authentication_methods')
    .values({
      id,
      subject,
      type: kind,
      data: JSON.stringify(factor.data),
      sealed,
      last_step: lastStep,
      proved_at: at,
      created_at: at,
    })
    .execute();
}

/** Uses a time step up, and every one before it. Of any number at once one gets true; so does none that is too late. */
export async function takeStep(db: Db, { id, subject }: Key, step: number, at: Date): Promise<boolean> {
  const taken = await sql`
    update authentication_methods set last_step = ${step}, last_used_at = ${at}
    where subject = ${subject} and id = ${id} and (last_step is null or last_step < ${step})
    returning 1`.execute(db);
  return taken.rows.length > 0;
}

/** Takes a recovery code out of its set. Of any number at once one gets true. */
export async function takeRecoveryCode(db: Db, { id, subject }: Key, hash: string, at: Date): Promise<boolean> {
  const taken = await sql`
    update authentication_methods
    set data = jsonb_set(data, '{hashes}', (data -> 'hashes') - ${hash}::text), last_used_at = ${at}
    where subject = ${subject} and id = ${id} and type = 'recovery_codes' and data -> 'hashes' ? ${hash}::text
    returning 1`.execute(db);
  return taken.rows.length > 0;
}

/** Notes that a factor was used. @returns false when it is gone */
export async function useFactor(db: Db, { id, subject }: Key, at: Date): Promise<boolean> {
  const used = await sql`update authentication_methods set last_used_at = ${at}
    where subject = ${subject} and id = ${id} returning 1`.execute(db);
  return used.rows.length > 0;
}

export async function setFactorName(db: Db, { id, subject }: Key, name: string | null): Promise<void> {
  await sql`update authentication_methods set data = jsonb_set(data, '{name}', ${JSON.stringify(name)}::jsonb)
    where subject = ${subject} and id = ${id}`.execute(db);
}

/** The factor is at another number or address from now on. */
export async function setFactorAddress(
  tx: Db,
  { id, subject }: Key,
  to: { readonly phone: string } | { readonly address: string },
): Promise<void> {
  await sql`update authentication_methods set data = data || ${JSON.stringify(to)}::jsonb
    where subject = ${subject} and id = ${id}`.execute(tx);
}

/** Removes these factors, or all of these kinds that the subjects have. @returns whose they were */
export async function deleteFactors(
  tx: Db,
  which: Key | { readonly subjects: readonly string[]; readonly kinds?: readonly FactorKind[] },
): Promise<string[]> {
  const rows =
    'id' in which
      ? await sql<{ subject: string }>`delete from authentication_methods
          where subject = ${which.subject} and id = ${which.id} and type = any(${factorKinds}) returning subject`.execute(
          tx,
        )
      : await sql<{ subject: string }>`delete from authentication_methods
          where subject = any(${which.subjects}::uuid[]) and type = any(${which.kinds ?? factorKinds})
          returning subject`.execute(tx);
  return rows.rows.map(({ subject }) => subject);
}

/** Gives a subject's factors to another one, whose own recovery codes stay. */
export async function moveFactors(tx: Db, from: string, to: string): Promise<void> {
  await sql`delete from authentication_methods where subject = ${from} and type = 'recovery_codes'
    and exists (select from authentication_methods where subject = ${to} and type = 'recovery_codes')`.execute(tx);
  await sql`update authentication_methods set subject = ${to}
    where subject = ${from} and type = any(${factorKinds})`.execute(tx);
}

/** Numbers of the phones that are factors of these subjects. */
export async function readFactorPhones(tx: Db, subjects: readonly string[]): Promise<string[]> {
  const rows = await sql<{ phone: string }>`select data ->> 'phone' as phone from authentication_methods
    where subject = any(${subjects}::uuid[]) and type = 'phone'`.execute(tx);
  return rows.rows.map(({ phone }) => phone);
}

/** A row of `authentication_methods`. */
export type Key = { readonly id: string; readonly subject: string };

function toFactor(row: Row): StoredFactor {
  const { id, subject, sealed, created_at: createdAt, last_used_at: lastUsedAt } = row;
  const { name = null, phone = '', address = '', hashes = [] } = data.parse(row.data);
  const common = { id, subject, name, createdAt, lastUsedAt };
  const kind = z.enum(factorKinds).parse(row.type);
  switch (kind) {
    case 'totp':
      return { factor: { ...common, kind }, sealed };
    case 'phone':
      return { factor: { ...common, kind, phone }, sealed };
    case 'email':
      return { factor: { ...common, kind, address }, sealed };
    case 'recovery_codes':
      return { factor: { ...common, kind, left: hashes.length }, sealed };
  }
}
