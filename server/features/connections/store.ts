import { type Selectable, sql } from 'kysely';
import type { Strategy } from '../../../contract/connection-options.ts';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';

export type ConnectionRow = Selectable<DB['connections']>;

/** What can be written of a connection, by column; `options` and `secrets` as JSON and ciphertext. */
export type ConnectionColumns = {
  name: string;
  strategy: Strategy;
  display_name: string | null;
  options: string;
  secrets: string | null;
  show_as_button: boolean;
  realms: string[];
  metadata: string;
};

export function insertConnection(db: Db, id: string, columns: ConnectionColumns, at: Date): Promise<ConnectionRow> {
  return db
    .insertInto('connections')
    .values({ id, ...columns, created_at: at, updated_at: at })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export function updateConnectionRow(
  db: Db,
  id: string,
  columns: Omit<ConnectionColumns, 'name' | 'strategy'>,
  at: Date,
): Promise<ConnectionRow> {
  return db
    .updateTable('connections')
    .set({ ...columns, updated_at: at })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Locked until the transaction ends. */
export function lockConnection(tx: Db, id: string): Promise<ConnectionRow | undefined> {
  return tx.selectFrom('connections').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

export function readConnection(db: Db, key: { id: string } | { name: string }): Promise<ConnectionRow | undefined> {
  const query = db.selectFrom('connections').selectAll();
  return ('id' in key ? query.where('id', '=', key.id) : query.where('name', '=', key.name)).executeTakeFirst();
}

export function readAllConnections(db: Db): Promise<ConnectionRow[]> {
  return db.selectFrom('connections').selectAll().orderBy('created_at').orderBy('id').execute();
}

/** Which connections a list is about; what is left out does not narrow it. */
export type ConnectionFilter = {
  strategies?: readonly Strategy[] | undefined;
  name?: string | undefined;
  clientId?: string | undefined;
};

/** The oldest first, with how many there are in all. `after`: the last one of the page before. */
export async function readConnectionPage(
  db: Db,
  { strategies, name, clientId }: ConnectionFilter,
  page: { limit: number; offset?: number; after?: { created_at: Date; id: string } | undefined },
): Promise<{ rows: ConnectionRow[]; total: number }> {
  let query = db.selectFrom('connections as c');
  if (strategies) query = query.where('c.strategy', 'in', strategies.length > 0 ? [...strategies] : ['']);
  if (name !== undefined) query = query.where('c.name', '=', name);
  if (clientId !== undefined) {
    const offered = db.selectFrom('connection_portals').select('connection_id').where('client_id', '=', clientId);
    query = query.where('c.id', 'in', offered);
  }
  const counted = await query.select((eb) => eb.fn.countAll<string>().as('count')).executeTakeFirstOrThrow();
  if (page.after) {
    query = query.where(sql<boolean>`(c.created_at, c.id) > (${page.after.created_at}, ${page.after.id})`);
  }
  const rows = await query
    .selectAll('c')
    .orderBy('c.created_at')
    .orderBy('c.id')
    .limit(page.limit)
    .offset(page.offset ?? 0)
    .execute();
  return { rows, total: Number(counted.count) };
}

export async function deleteConnection(tx: Db, id: string): Promise<void> {
  await tx.deleteFrom('connections').where('id', '=', id).execute();
}

/** Client ids of the portals that offer each of these connections. */
export async function readPortals(db: Db, connectionIds: readonly string[]): Promise<Map<string, string[]>> {
  const portals = new Map<string, string[]>(connectionIds.map((id) => [id, []]));
  if (connectionIds.length === 0) return portals;
  const rows = await db
    .selectFrom('connection_portals')
    .selectAll()
    .where('connection_id', 'in', [...connectionIds])
    .orderBy('client_id')
    .execute();
  for (const row of rows) portals.get(row.connection_id)?.push(row.client_id);
  return portals;
}

/** One page of the portals that offer a connection, by client id. */
export async function readPortalPage(db: Db, id: string, limit: number, after: string): Promise<string[]> {
  const rows = await db
    .selectFrom('connection_portals')
    .select('client_id')
    .where('connection_id', '=', id)
    .where('client_id', '>', after)
    .orderBy('client_id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.client_id);
}

/** Ids of the connections that a portal offers. */
export async function readOffered(db: Db, clientId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('connection_portals')
    .select('connection_id')
    .where('client_id', '=', clientId)
    .execute();
  return rows.map((row) => row.connection_id);
}

export async function offer(tx: Db, id: string, clientIds: readonly string[]): Promise<void> {
  if (clientIds.length === 0) return;
  await tx
    .insertInto('connection_portals')
    .values(clientIds.map((client_id) => ({ connection_id: id, client_id })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Takes the connection from these portals, or from all but these. */
export async function withdraw(tx: Db, id: string, which: { from: string[] } | { allBut: string[] }): Promise<void> {
  let query = tx.deleteFrom('connection_portals').where('connection_id', '=', id);
  if ('from' in which) query = query.where('client_id', '=', sql<string>`any(${which.from})`);
  else query = query.where('client_id', '<>', sql<string>`all(${which.allBut})`);
  await query.execute();
}
