import { sql } from 'kysely';
import { now } from '../../base/clock.ts';
import type { Db } from '../../base/db.ts';
import { uuid } from '../../base/ids.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import type { ActionRun } from './outcome.ts';
import type { TriggerId } from './triggers.ts';

const keptMs = 10 * 86_400_000;

/** How one run of a trigger ended. */
export type Execution = {
  readonly id: string;
  readonly trigger: string;
  readonly status: string;
  readonly results: Json;
  readonly created_at: Date;
  readonly updated_at: Date;
};

/** Keeps how a run ended. @returns its id, for logs */
export async function keepExecution(
  db: Db,
  run: {
    trigger: TriggerId;
    customer: string | undefined;
    status: 'final' | 'suspended' | 'partial';
    runs: readonly ActionRun[];
  },
): Promise<string> {
  const id = uuid();
  const at = now();
  const results = run.runs.map(({ name, startedAt, ms, error }) => ({
    action_name: name,
    ...(error && { error: { id: error.name, msg: error.message } }),
    started_at: new Date(startedAt).toISOString(),
    ended_at: new Date(startedAt + ms).toISOString(),
  }));
  await db
    .insertInto('action_executions')
    .values({
      id,
      customer: run.customer ?? null,
      trigger: run.trigger,
      status: run.status,
      results: JSON.stringify(results),
      created_at: at,
      updated_at: at,
    })
    .execute();
  return id;
}

export function readExecution(db: Db, id: string): Promise<Execution | undefined> {
  return db.selectFrom('action_executions').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Deletes what is ten days old, and what the caches hold no longer. */
export async function trimActions(db: Db): Promise<void> {
  await sql`delete from action_executions where created_at < ${new Date(now().getTime() - keptMs)}`.execute(db);
  await sql`delete from action_cache where expires_at <= ${now()}`.execute(db);
}

/** Deletes the customer's executions, and every cache: code may have kept anything of anybody there. */
export async function eraseActions(tx: Db, { customers }: { readonly customers: readonly string[] }): Promise<void> {
  await sql`delete from action_executions where customer = any(${customers}::uuid[])`.execute(tx);
  await sql`delete from action_cache`.execute(tx);
}

/** How the actions that ran for the customer ended, to be handed to them. */
export async function exportActions(db: Db, customerId: string): Promise<JsonObject> {
  const rows = await db
    .selectFrom('action_executions')
    .select(['trigger', 'results', 'created_at'])
    .where('customer', '=', customerId)
    .orderBy('created_at')
    .execute();
  return {
    action_executions: rows.map(({ trigger, results, created_at: at }) => ({ trigger, results, at: at.toISOString() })),
  };
}
