import { type Selectable, sql } from 'kysely';
import type { ApiScope, ApiSettings } from '../../../contract/resource-servers.ts';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';
import { statement } from '../../base/statement.ts';
import type { Start } from './store.ts';

export type ApiRow = Selectable<DB['resource_servers']>;
export type GrantRow = Selectable<DB['client_grants']>;

/** What can be changed of an API, by column. */
export type ApiColumns = { name: string | null; scopes: ApiScope[]; settings: ApiSettings };

export function insertApi(
  db: Db,
  key: { id: string; identifier: string; is_system: boolean },
  columns: ApiColumns,
  at: Date,
): Promise<ApiRow> {
  return db
    .insertInto('resource_servers')
    .values({ ...key, ...apiColumns(columns), created_at: at, updated_at: at })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export function writeApi(db: Db, id: string, columns: ApiColumns, at: Date): Promise<ApiRow> {
  return db
    .updateTable('resource_servers')
    .set({ ...apiColumns(columns), updated_at: at })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/**
 * The system's API that was written last gets this identifier, unless there is an API of that one. It is held until the
 * transaction ends: nobody moves it on meanwhile.
 */
export async function moveSystemApi(tx: Db, identifier: string, at: Date): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    select id from resource_servers where is_system order by updated_at desc limit 1 for update`.execute(tx);
  const { numAffectedRows } = await sql`
    update resource_servers set identifier = ${identifier}, updated_at = ${at}
    where id = ${rows[0]?.id}
      and not exists (select from resource_servers where identifier = ${identifier})`.execute(tx);
  return numAffectedRows === 1n;
}

/** By id or by identifier. */
export function readApi(db: Db, key: { id: string } | { identifier: string }): Promise<ApiRow | undefined> {
  const query = db.selectFrom('resource_servers').selectAll();
  return (
    'id' in key ? query.where('id', '=', key.id) : query.where('identifier', '=', key.identifier)
  ).executeTakeFirst();
}

/** The row, held until the transaction ends. */
export function lockApi(tx: Db, id: string): Promise<ApiRow | undefined> {
  return tx.selectFrom('resource_servers').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

/** The oldest first; only those of `identifiers`, if given. */
export function readApis(db: Db, limit: number, offset: number, identifiers?: readonly string[]): Promise<ApiRow[]> {
  let query = db.selectFrom('resource_servers').selectAll().orderBy('created_at').orderBy('id');
  if (identifiers) query = query.where('identifier', 'in', identifiers);
  return query.limit(limit).offset(offset).execute();
}

export async function countApis(db: Db, identifiers?: readonly string[]): Promise<number> {
  let query = db.selectFrom('resource_servers').select((eb) => eb.fn.countAll<string>().as('count'));
  if (identifiers) query = query.where('identifier', 'in', identifiers);
  return Number((await query.executeTakeFirstOrThrow()).count);
}

export async function deleteApi(db: Db, id: string): Promise<void> {
  await db.deleteFrom('resource_servers').where('id', '=', id).execute();
}

export function insertGrant(db: Db, grant: Omit<GrantRow, 'created_at'>, at: Date): Promise<GrantRow> {
  return db
    .insertInto('client_grants')
    .values({ ...grant, created_at: at })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** What a grant gives. */
export type GrantColumns = Pick<GrantRow, 'scope' | 'reads' | 'writes' | 'brands'>;

export function writeGrant(db: Db, id: string, columns: Partial<GrantColumns>): Promise<GrantRow | undefined> {
  return db.updateTable('client_grants').set(columns).where('id', '=', id).returningAll().executeTakeFirst();
}

type Standing = {
  name: string;
  enabled: boolean;
  reads: string[] | null;
  writes: string[] | null;
  brands: string[] | null;
};

const standing = statement<Standing>(`
  select p.name, p.enabled, g.reads, g.writes, g.brands from portals p
  left join client_grants g on g.client_id = p.client_id and g.audience = $2 where p.client_id = $1`);

/** Is there such a client, is it open, and which attributes and brands does its grant name? */
export async function readStanding(db: Db, clientId: string, audience: string): Promise<Standing | undefined> {
  const [row] = await standing(db, [clientId, audience]);
  return row;
}

export function readGrant(
  db: Db,
  key: { id: string } | { client_id: string; audience: string },
): Promise<GrantRow | undefined> {
  const query = db.selectFrom('client_grants').selectAll();
  if ('id' in key) return query.where('id', '=', key.id).executeTakeFirst();
  return query.where('client_id', '=', key.client_id).where('audience', '=', key.audience).executeTakeFirst();
}

export type GrantFilter = {
  client_id?: string | undefined;
  audience?: string | undefined;
  /** Only of portals of these brands; null or left out: of all. */
  brands?: ReadonlySet<string> | null | undefined;
};

function isMeant({ client_id, audience, brands }: GrantFilter) {
  const conditions = [
    client_id !== undefined && sql`client_id = ${client_id}`,
    audience !== undefined && sql`audience = ${audience}`,
    brands && sql`client_id in (select p.client_id from portals p where p.brand = any(${[...brands]}::uuid[]))`,
  ].filter((one) => one !== undefined && one !== false && one !== null);
  return sql<boolean>`${sql.join([sql`true`, ...conditions], sql` and `)}`;
}

/** The oldest first, at most `limit`. */
export function readGrants(db: Db, limit: number, start: Start, only: GrantFilter): Promise<GrantRow[]> {
  const all = db.selectFrom('client_grants').selectAll().where(isMeant(only));
  const query = all.orderBy('created_at').orderBy('id').limit(limit);
  if ('offset' in start) return query.offset(start.offset).execute();
  const { created_at, id } = start.after;
  return query.where((eb) => eb(eb.refTuple('created_at', 'id'), '>', eb.tuple(created_at, id))).execute();
}

export async function countGrants(db: Db, only: GrantFilter): Promise<number> {
  const query = db
    .selectFrom('client_grants')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where(isMeant(only));
  return Number((await query.executeTakeFirstOrThrow()).count);
}

export async function deleteGrant(db: Db, id: string): Promise<boolean> {
  const result = await db.deleteFrom('client_grants').where('id', '=', id).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

function apiColumns({ name, scopes, settings }: ApiColumns) {
  return { name, scopes: JSON.stringify(scopes), settings: JSON.stringify(settings) };
}
