import { type Selectable, sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';

export type RuleRow = Selectable<DB['rules']>;

/** What can be written of a rule. `settings`: JSON text. */
export type RuleColumns = {
  name: string;
  place: number;
  enabled: boolean;
  script: string | null;
  library: string | null;
  settings: string | null;
  secrets: string | null;
  on_failure: 'refuse' | 'go_on';
  deadline_ms: number | null;
};

export function insertRule(tx: Db, id: string, columns: RuleColumns, at: Date): Promise<RuleRow> {
  const row = { id, ...columns, version: 1, created_at: at, updated_at: at };
  return tx.insertInto('rules').values(row).returningAll().executeTakeFirstOrThrow();
}

/** The rule, held until the transaction ends. */
export function holdRule(tx: Db, id: string): Promise<RuleRow | undefined> {
  return tx.selectFrom('rules').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

export function updateRuleRow(
  tx: Db,
  id: string,
  columns: Partial<RuleColumns> & { version?: number },
  at: Date,
): Promise<RuleRow> {
  return tx
    .updateTable('rules')
    .set({ ...columns, updated_at: at })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function deleteRule(tx: Db, id: string): Promise<boolean> {
  const gone = await tx.deleteFrom('rules').where('id', '=', id).executeTakeFirst();
  return gone.numDeletedRows > 0n;
}

export function readRule(db: Db, id: string): Promise<RuleRow | undefined> {
  return db.selectFrom('rules').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Which rules are meant: those that are on, or off; undefined: both. */
export type Filter = { readonly enabled?: boolean | undefined };

/** Is there a rule of this one of the library, on or off? */
export async function hasLibraryRule(db: Db, library: string): Promise<boolean> {
  const row = await db.selectFrom('rules').select('id').where('library', '=', library).executeTakeFirst();
  return row !== undefined;
}

/** Rules in the order in which they run. */
export function readRules(
  db: Db,
  filter: Filter = {},
  { limit, offset }: { limit?: number; offset?: number } = {},
): Promise<RuleRow[]> {
  let query = filtered(db, filter).selectAll().orderBy('place').orderBy('id');
  if (limit !== undefined) query = query.limit(limit);
  if (offset !== undefined) query = query.offset(offset);
  return query.execute();
}

/** What those of these that are there are called, by their ids. */
export async function readRuleNames(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('rules').select(['id', 'name']).where('id', 'in', ids).execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

export async function countRules(db: Db, filter: Filter = {}): Promise<number> {
  const row = await filtered(db, filter)
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

function filtered(db: Db, { enabled }: Filter) {
  const query = db.selectFrom('rules');
  return enabled === undefined ? query : query.where('enabled', '=', enabled);
}

/** Behind all rules there are. */
export async function nextPlace(tx: Db): Promise<number> {
  const { rows } = await sql<{ next: number }>`select coalesce(floor(max(place)), 0) + 1 as next from rules`.execute(
    tx,
  );
  return rows[0]?.next ?? 1;
}

/** These rules run in this order, in places 1, 2, ... @returns how many of them there are */
export async function placeRules(tx: Db, ids: readonly string[], at: Date): Promise<number> {
  await sql`set constraints rules_place deferred`.execute(tx);
  const { numAffectedRows = 0n } = await sql`
    update rules set place = wanted.place, updated_at = ${at}
    from unnest(${ids}::text[]) with ordinality as wanted (id, place) where rules.id = wanted.id`.execute(tx);
  return Number(numAffectedRows);
}
