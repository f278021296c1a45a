import { type Selectable, sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';
import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';
import { statement } from '../../base/statement.ts';
import type { Customer } from './customer.ts';
import type { FoldedColumns } from './profile.ts';

export type CustomerRow = Selectable<DB['customers']>;

/** The columns that `toCustomer` reads: for a query of a surface that finds a customer by what it keeps itself. */
export const customerColumns = [
  'id',
  'user_id',
  'email',
  'email_verified',
  'phone_number',
  'phone_verified',
  'username',
  'name',
  'given_name',
  'family_name',
  'attributes',
  'user_metadata',
  'app_metadata',
  'brand_values',
  'logins_count',
  'last_login',
  'last_ip',
  'last_password_reset',
  'last_asked_at',
  'blocked',
  'erase_at',
  'era',
  'created_at',
  'updated_at',
] as const;

type CustomerPart = Pick<CustomerRow, (typeof customerColumns)[number]>;

/** The customer as features and surfaces see it. */
export function toCustomer(row: CustomerPart): Customer {
  return {
    id: row.id,
    user_id: row.user_id,
    email: row.email,
    email_verified: row.email_verified,
    phone_number: row.phone_number,
    phone_verified: row.phone_verified,
    username: row.username,
    name: row.name,
    given_name: row.given_name,
    family_name: row.family_name,
    attributes: toObject(row.attributes),
    user_metadata: toObject(row.user_metadata),
    app_metadata: toObject(row.app_metadata),
    brand_values: toObject(row.brand_values),
    logins_count: row.logins_count,
    last_login: row.last_login,
    last_ip: row.last_ip,
    last_password_reset: row.last_password_reset,
    last_asked_at: row.last_asked_at,
    blocked: row.blocked,
    erase_at: row.erase_at,
    era: row.era,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

/** A column that holds a JSON object. */
export function toObject(value: Json): JsonObject {
  return isJsonObject(value) ? value : {};
}

const livingId = statement<{ id: string }>(`
  with recursive chain as (
    select id, merged_into from customers where id = $1::uuid
    union all
    select next.id, next.merged_into from chain join customers next on next.id = chain.merged_into
  )
  select id from chain where merged_into is null`);

/** The living customer that any id of a customer, also of a merged one, leads to. */
export async function readLivingId(db: Db, id: string): Promise<string | undefined> {
  return (await livingId(db, [id]))[0]?.id;
}

const rowColumns = [
  ...customerColumns,
  'primary_subject',
  'birth_month',
  'birth_day',
  'merged_into',
  'last_sign_in',
  'visited',
] as const satisfies readonly (keyof CustomerRow)[];
/** Every column, for a query where a customer is `c`. */
export const wholeRow = rowColumns.map((column) => `c.${column}`).join(', ');

const byId = statement<Pick<CustomerRow, (typeof rowColumns)[number]>>(`
  select ${wholeRow} from customers c where c.id = $1::uuid and c.merged_into is null`);

/** A living customer's row. */
export async function readCustomer(db: Db, id: string): Promise<CustomerRow | undefined> {
  return (await byId(db, [id]))[0];
}

const byUserId = statement<Pick<CustomerRow, (typeof rowColumns)[number]>>(`
  select ${wholeRow} from user_ids u join customers c on c.id = u.customer
  where u.user_id = $1 and u.retired_at is null`);

/** The customer that a `user_id` resolves to; ids of merged customers lead to the living one. */
export async function readCustomerByUserId(db: Db, userId: string): Promise<CustomerRow | undefined> {
  return (await byUserId(db, [userId]))[0];
}

export async function readCustomerBySubject(db: Db, subject: string): Promise<CustomerPart | undefined> {
  return (await bySubject(db, [subject]))[0];
}

const bySubject = statement<CustomerPart>(`
  select ${customerColumns.map((column) => `c.${column}`).join(', ')}
  from members m join customers c on c.id = m.customer where m.subject = $1 and m.until is null`);

/** Living customers with this normalised e-mail address, the oldest first. */
export function readCustomersByEmail(db: Db, email: string, limit: number): Promise<CustomerRow[]> {
  return db
    .selectFrom('customers')
    .selectAll()
    .where('email', '=', email)
    .where('merged_into', 'is', null)
    .orderBy('created_at')
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Those of these customers that were not merged into others. */
export function readCustomersById(db: Db, ids: readonly string[]): Promise<CustomerRow[]> {
  return db.selectFrom('customers').selectAll().where('id', 'in', ids).where('merged_into', 'is', null).execute();
}

/** Living customers that hold a proof of this normalised address, the oldest first. */
export function readProvenOwners(db: Db, kind: string, address: string, limit: number): Promise<CustomerRow[]> {
  return db
    .selectFrom('customers')
    .selectAll()
    .where('id', 'in', (owners) =>
      owners
        .selectFrom('proofs')
        .innerJoin('members', 'members.subject', 'proofs.subject')
        .select('members.customer')
        .where('proofs.kind', '=', kind)
        .where('proofs.address', '=', address)
        .where('members.until', 'is', null),
    )
    .orderBy('created_at')
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Ids of living customers behind `after`, in the order of their ids. */
export async function readCustomerIds(db: Db, after: string | undefined, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('customers')
    .select('id')
    .where('merged_into', 'is', null)
    .$if(after !== undefined, (query) => query.where('id', '>', after ?? ''))
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

export async function countCustomerRows(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('customers')
    .select((select) => select.fn.countAll<string>().as('count'))
    .where('merged_into', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function insertCustomer(
  db: Db,
  customer: { id: string; userId: string; primarySubject: string; at: Date },
): Promise<void> {
  const { id, userId, primarySubject, at } = customer;
  await db
    .insertInto('customers')
    .values({ id, user_id: userId, primary_subject: primarySubject, created_at: at, updated_at: at })
    .execute();
}

/** Locks these rows, in the order of their ids so that two who lock the same never wait for each other. */
export async function lockCustomerRows(tx: Db, ids: readonly string[]): Promise<void> {
  await tx.selectFrom('customers').select('id').where('id', 'in', ids).orderBy('id').forUpdate().execute();
}

export async function setPrimarySubject(tx: Db, id: string, subject: string): Promise<void> {
  await tx.updateTable('customers').set({ primary_subject: subject }).where('id', '=', id).execute();
}

/** Writes the folded columns of a customer. */
export function writeFolded(tx: Db, id: string, columns: FoldedColumns, at: Date): Promise<CustomerRow> {
  return tx
    .updateTable('customers')
    .set({
      ...columns,
      attributes: JSON.stringify(columns.attributes),
      user_metadata: JSON.stringify(columns.user_metadata),
      app_metadata: JSON.stringify(columns.app_metadata),
      brand_values: JSON.stringify(columns.brand_values),
      updated_at: at,
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** From now on the row only resolves to the winner. */
type Merged = {
  readonly winner: string;
  readonly loser: string;
  readonly at: Date;
  readonly lastSignIn: Json | null;
  /** Ids of brands. */
  readonly visited: readonly string[];
};

/** The loser's row only resolves to the winner from now on; how the two came last, and where they were, is the winner's. */
export async function markMerged(tx: Db, { winner, loser, at, lastSignIn, visited }: Merged): Promise<void> {
  await sql`
    update customers set
      merged_into = case when id = ${loser} then ${winner}::uuid end,
      updated_at = case when id = ${loser} then ${at}::timestamptz else updated_at end,
      last_sign_in = case when id = ${winner} then ${lastSignIn && JSON.stringify(lastSignIn)}::jsonb end,
      visited = case when id = ${winner} then ${visited}::uuid[] else '{}' end
    where id in (${winner}, ${loser})`.execute(tx);
}

export async function markLiving(tx: Db, id: string): Promise<void> {
  await tx.updateTable('customers').set({ merged_into: null }).where('id', '=', id).execute();
}

export async function setEraseAt(tx: Db, id: string, eraseAt: Date | null): Promise<void> {
  await tx.updateTable('customers').set({ erase_at: eraseAt }).where('id', '=', id).execute();
}

export async function raiseEra(tx: Db, id: string): Promise<void> {
  await sql`update customers set era = era + 1 where id = ${id}`.execute(tx);
}

const livingForUpdate = statement<{ era: number }>(`
  select era from customers where id = $1::uuid and merged_into is null for update`);

/** Of a living customer, who is locked by this. */
export async function lockEra(tx: Db, id: string): Promise<number | undefined> {
  return (await livingForUpdate(tx, [id]))[0]?.era;
}

/** Ids of customers who are to be erased by now, the longest due first. */
export async function readDueForErasure(db: Db, at: Date, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('customers')
    .select('id')
    .where('erase_at', '<=', at)
    .where('merged_into', 'is', null)
    .orderBy('erase_at')
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}
