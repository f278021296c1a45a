import { type Selectable, sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';
import { statement } from '../../base/statement.ts';
import type { Act, AuditRow } from './entry.ts';

const columns = `id, at, by, who, who_name, act, route, summary, about, thing, customer, paths, ip, user_agent, values_hash, mac`;
const insertRow = `
  insert into audit (${columns})
  values ($1::uuid, $2::timestamptz, $3, $4, $5, $6, $7, $8, $9, $10, $11::uuid, $12::text[], $13, $14, $15::bytea,
    $16::bytea)`;

const insert = statement(insertRow);
const insertBoth = statement(`
  with changed as (
    insert into audit_values (customer, audit, salt, changes) values ($11::uuid, $1::uuid, $17::bytea, $18)
  ) ${insertRow}`);

/** One statement, also with the values. */
export async function insertAudit(
  db: Db,
  row: Omit<AuditRow, 'seal'>,
  values?: { salt: Buffer; changes: string },
): Promise<void> {
  const { id, at, by, who, who_name, act, route, summary, about, thing, customer, paths } = row;
  const did = [id, at, by, who, who_name, act, route, summary, about, thing, customer, paths];
  const what = [...did, row.ip, row.user_agent, row.values_hash, row.mac];
  if (values) await insertBoth(db, [...what, values.salt, values.changes]);
  else await insert(db, what);
}

export type FoundRow = AuditRow & { salt: Buffer | null; changes: string | null };

const found = sql<FoundRow>`select a.*, v.salt, v.changes
  from audit a left join audit_values v on v.audit = a.id`;

export type RowFilter = {
  /** Internal ids. */
  customers?: readonly string[] | undefined;
  who?: string | undefined;
  act?: Act | undefined;
  /** Only rows that came with values of a customer. */
  hasValues?: boolean | undefined;
  since?: Date | undefined;
  until?: Date | undefined;
};

/** The newest first, behind a row. */
export async function readAudit(
  db: Db,
  { customers, who, act, hasValues, since, until }: RowFilter,
  page: { limit: number; after?: { at: Date; id: string } | undefined },
): Promise<FoundRow[]> {
  const conditions = [
    customers && sql`a.customer = any(${[...customers]}::uuid[])`,
    who !== undefined && sql`a.who = ${who}`,
    // Written out, so that the plan knows whether the index of acts has it.
    act !== undefined && sql`a.act = ${sql.lit(act)}`,
    hasValues && sql`a.values_hash is not null`,
    since && sql`a.at >= ${since}`,
    until && sql`a.at < ${until}`,
    page.after && sql`(a.at, a.id) < (${page.after.at}::timestamptz, ${page.after.id}::uuid)`,
  ].filter((one) => one !== undefined && one !== false);
  const where = conditions.length > 0 ? sql`where ${sql.join(conditions, sql` and `)}` : sql``;
  const rows = await sql<FoundRow>`${found} ${where} order by a.at desc, a.id desc limit ${page.limit}`.execute(db);
  return rows.rows;
}

export type Chain = Selectable<DB['audit_chain']>;
export type Seal = Selectable<DB['audit_seals']>;

export function readChain(db: Db): Promise<Chain | undefined> {
  return db.selectFrom('audit_chain').selectAll().executeTakeFirst();
}

/** The chain's ends, for whoever is first; undefined: somebody else holds them. */
export function lockChain(tx: Db): Promise<Chain | undefined> {
  return tx.selectFrom('audit_chain').selectAll().forUpdate().skipLocked().executeTakeFirst();
}

/** Begins the chain, unless it is there. */
export async function insertChain(db: Db, chain: Chain): Promise<void> {
  await db
    .insertInto('audit_chain')
    .values(chain)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function writeChain(tx: Db, chain: Chain): Promise<void> {
  await tx.updateTable('audit_chain').set(chain).execute();
}

/** Rows that no seal has yet, by their ids. */
export function readUnsealed(db: Db, limit: number): Promise<Pick<AuditRow, 'id' | 'at' | 'mac'>[]> {
  return db
    .selectFrom('audit')
    .select(['id', 'at', 'mac'])
    .where('seal', 'is', null)
    .orderBy('id')
    .limit(limit)
    .execute();
}

export async function insertSeal(tx: Db, seal: Seal, ids: readonly string[]): Promise<void> {
  await tx.insertInto('audit_seals').values(seal).execute();
  await sql`update audit set seal = ${seal.number} where id = any(${[...ids]}::uuid[])`.execute(tx);
}

/** Seals behind a number. */
export function readSeals(db: Db, after: string, limit: number): Promise<Seal[]> {
  return db.selectFrom('audit_seals').selectAll().where('number', '>', after).orderBy('number').limit(limit).execute();
}

/** Rows in the order of the chain, behind one; those without a seal are none of it. */
export async function readSealedRows(
  db: Db,
  after: { seal: string; id: string } | undefined,
  limit: number,
): Promise<FoundRow[]> {
  const behind = after ? sql`and (a.seal, a.id) > (${after.seal}::bigint, ${after.id}::uuid)` : sql``;
  const rows = await sql<FoundRow>`
    ${found} where a.seal is not null ${behind} order by a.seal, a.id limit ${limit}`.execute(db);
  return rows.rows;
}

/** Rows without a seal, behind one. */
export async function readLooseRows(db: Db, after: string | undefined, limit: number): Promise<FoundRow[]> {
  const behind = after === undefined ? sql`` : sql`and a.id > ${after}::uuid`;
  const rows = await sql<FoundRow>`${found} where a.seal is null ${behind} order by a.id limit ${limit}`.execute(db);
  return rows.rows;
}

/** The oldest seals whose rows are all older than this. */
export async function readOldSeals(db: Db, before: Date, limit: number): Promise<Seal[]> {
  const seals = await db.selectFrom('audit_seals').selectAll().orderBy('number').limit(limit).execute();
  const young = seals.findIndex(({ newest_at }) => newest_at >= before);
  return young < 0 ? seals : seals.slice(0, young);
}

/** Deletes the rows up to this seal, with their values, and the seals. */
export async function deleteUpTo(tx: Db, number: string): Promise<void> {
  await sql`
    with gone as (delete from audit where seal <= ${number} returning id)
    delete from audit_values where audit in (select id from gone)`.execute(tx);
  await tx.deleteFrom('audit_seals').where('number', '<=', number).execute();
}

export async function deleteValues(tx: Db, customers: readonly string[]): Promise<void> {
  if (customers.length > 0) await tx.deleteFrom('audit_values').where('customer', 'in', customers).execute();
}
