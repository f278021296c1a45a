import { type Selectable, sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';

export type ActionRow = Selectable<DB['actions']>;
export type VersionRow = Selectable<DB['action_versions']>;

/** What is written of an action, or of a version of it. */
export type WrittenColumns = { code: string; dependencies: string; runtime: string; secrets: string };
export type ActionColumns = WrittenColumns & { name: string; trigger: string; on_failure: string };

export function insertAction(tx: Db, id: string, columns: ActionColumns, at: Date): Promise<ActionRow> {
  const row = { id, ...columns, built_at: at, created_at: at, updated_at: at };
  return tx.insertInto('actions').values(row).returningAll().executeTakeFirstOrThrow();
}

export function readAction(db: Db, id: string): Promise<ActionRow | undefined> {
  return db.selectFrom('actions').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The action, held until the transaction ends. */
export function holdAction(tx: Db, id: string): Promise<ActionRow | undefined> {
  return tx.selectFrom('actions').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

export function updateAction(
  tx: Db,
  id: string,
  columns: Partial<ActionColumns & { deployed: string; all_changes_deployed: boolean; built_at: Date }>,
  at: Date,
): Promise<ActionRow> {
  return tx
    .updateTable('actions')
    .set({ ...columns, updated_at: at })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function deleteAction(tx: Db, id: string): Promise<void> {
  await sql`update actions set deployed = null where id = ${id}`.execute(tx);
  await sql`delete from actions where id = ${id}`.execute(tx);
}

/** Which actions are meant. */
export type ActionFilter = {
  readonly trigger?: string | undefined;
  readonly name?: string | undefined;
  readonly deployed?: boolean | undefined;
};

/** Actions, the oldest first. */
export function readActions(
  db: Db,
  filter: ActionFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<ActionRow[]> {
  return filtered(db, filter).selectAll().orderBy('created_at').orderBy('id').limit(limit).offset(offset).execute();
}

export async function countActions(db: Db, filter: ActionFilter): Promise<number> {
  const row = await filtered(db, filter)
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

function filtered(db: Db, { trigger, name, deployed }: ActionFilter) {
  let query = db.selectFrom('actions');
  if (trigger !== undefined) query = query.where('trigger', '=', trigger);
  if (name !== undefined) query = query.where('name', '=', name);
  if (deployed !== undefined) query = query.where('deployed', deployed ? 'is not' : 'is', null);
  return query;
}

/** Who deploys: a client_id or `staff|<id>`, and the name of then. */
export type Author = { readonly by: string; readonly name: string };

/** The next version of an action that is held. */
export async function insertVersion(
  tx: Db,
  id: string,
  action: string,
  columns: WrittenColumns,
  author: Author,
  at: Date,
): Promise<VersionRow> {
  const { code, dependencies, runtime, secrets } = columns;
  const { rows } = await sql<VersionRow>`
    insert into action_versions
      (id, action, number, code, dependencies, runtime, secrets, deployed_by, deployed_by_name, created_at)
    select ${id}, ${action}, coalesce(max(number), 0) + 1,
      ${code}, ${dependencies}::jsonb, ${runtime}, ${secrets}, ${author.by}, ${author.name}, ${at}
    from action_versions where action = ${action}
    returning *`.execute(tx);
  const [row] = rows;
  if (!row) throw new Error('no version was written');
  return row;
}

export function readVersion(db: Db, action: string, id: string): Promise<VersionRow | undefined> {
  return db
    .selectFrom('action_versions')
    .selectAll()
    .where('action', '=', action)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** Those of these ids. */
export function readVersionsById(db: Db, ids: readonly string[]): Promise<VersionRow[]> {
  return ids.length === 0
    ? Promise.resolve([])
    : db.selectFrom('action_versions').selectAll().where('id', 'in', ids).execute();
}

/** An action's versions, the newest first. */
export function readVersions(
  db: Db,
  action: string,
  { limit, offset }: { limit: number; offset: number },
): Promise<VersionRow[]> {
  return db
    .selectFrom('action_versions')
    .selectAll()
    .where('action', '=', action)
    .orderBy('number', 'desc')
    .limit(limit)
    .offset(offset)
    .execute();
}

export async function countVersions(db: Db, action: string): Promise<number> {
  const row = await db
    .selectFrom('action_versions')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('action', '=', action)
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** Which of these are ids of actions. */
export async function idsOfActions(db: Db, among: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from actions where id::text = any(${[...among]}::text[]) order by id`.execute(db);
  return rows.map(({ id }) => id);
}
