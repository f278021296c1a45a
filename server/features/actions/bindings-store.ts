import { sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { ActionRow } from './store.ts';

/** A binding and, beside it, its action. */
export type BindingRow = {
  readonly id: string;
  readonly trigger: string;
  readonly action: string;
  readonly display_name: string;
  readonly created_at: Date;
  readonly updated_at: Date;
};

/** A trigger's bindings, in their order. */
export function readBindings(
  db: Db,
  trigger: string,
  { limit, offset }: { limit: number; offset: number },
): Promise<BindingRow[]> {
  return db
    .selectFrom('action_bindings')
    .select(['id', 'trigger', 'action', 'display_name', 'created_at', 'updated_at'])
    .where('trigger', '=', trigger)
    .orderBy('place')
    .limit(limit)
    .offset(offset)
    .execute();
}

export async function countBindings(db: Db, trigger: string): Promise<number> {
  const row = await db
    .selectFrom('action_bindings')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('trigger', '=', trigger)
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** Of two who change a trigger's bindings at once, the later sees what the earlier wrote. */
export async function holdBindings(tx: Db, trigger: string): Promise<BindingRow[]> {
  await sql`select pg_advisory_xact_lock(hashtext('action_bindings'), hashtext(${trigger}))`.execute(tx);
  return readBindings(tx, trigger, { limit: 1000, offset: 0 });
}

/** These instead of those before. */
export async function replaceBindings(tx: Db, trigger: string, rows: readonly BindingRow[]): Promise<void> {
  await sql`delete from action_bindings where trigger = ${trigger}`.execute(tx);
  const placed = rows.map((row, place) => ({ ...row, place }));
  if (placed.length > 0) await tx.insertInto('action_bindings').values(placed).execute();
}

export async function isBound(db: Db, action: string): Promise<boolean> {
  const row = await db.selectFrom('action_bindings').select('id').where('action', '=', action).executeTakeFirst();
  return row !== undefined;
}

export async function unbind(tx: Db, action: string): Promise<void> {
  await sql`delete from action_bindings where action = ${action}`.execute(tx);
}

/** Actions by id or by name; none of them goes before the transaction ends. */
export function holdNamed(tx: Db, ids: readonly string[], names: readonly string[]): Promise<ActionRow[]> {
  return tx
    .selectFrom('actions')
    .selectAll()
    .where((eb) =>
      eb.or([eb('id', '=', sql<string>`any(${ids}::uuid[])`), eb('name', '=', sql<string>`any(${names}::text[])`)]),
    )
    .orderBy('id')
    .forKeyShare()
    .execute();
}

type BoundRow = Pick<ActionRow, 'id' | 'name' | 'on_failure' | 'code' | 'dependencies' | 'secrets'> & {
  readonly version: string;
};

/** What runs at a trigger, in order: the deployed version of each action that is bound. */
export async function readBound(db: Db, trigger: string): Promise<BoundRow[]> {
  const { rows } = await sql<BoundRow>`
    select a.id, a.name, a.on_failure, v.id as version, v.code, v.dependencies, v.secrets
    from action_bindings b
    join actions a on a.id = b.action
    join action_versions v on v.id = a.deployed
    where b.trigger = ${trigger}
    order by b.place`.execute(db);
  return rows;
}
