import { sql } from 'kysely';
import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import type { Db } from '../../base/db.ts';
import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';
import { statement } from '../../base/statement.ts';
import { partsOf } from './added-params.ts';
import type { Flow } from './flow.ts';

/** What of the engine's interaction the pages see. */
const interaction = z.object({
  params: z.record(z.string(), z.unknown()),
  prompt: z.object({
    name: z.string(),
    reasons: z.array(z.string()),
    details: z.object({ page: z.string().optional() }).optional(),
  }),
  session: z.object({ accountId: z.string(), uid: z.string() }).optional(),
  returnTo: z.string(),
});

const flowById = statement<FlowRow & { secret_hash: Buffer }>(
  'select engine, state, secret_hash, customer, expires_at from flows where id = $1 and expires_at > $2',
);

/** The flow, if it has not ended, with the hash of its cookie. */
export async function readFlow(
  { db }: Pick<Base, 'db'>,
  id: string,
  at: Date,
): Promise<{ flow: Flow; secretHash: Buffer } | undefined> {
  const [row] = await flowById(db, [id, at]);
  return row && { flow: toFlow(id, row), secretHash: row.secret_hash };
}

/** False when the flow is no longer there. */
export async function writeFlowState(db: Db, id: string, state: JsonObject, expiresAt: Date): Promise<boolean> {
  const result = await db
    .updateTable('flows')
    .set({ state: JSON.stringify(state), expires_at: expiresAt })
    .where('id', '=', id)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/**
 * Hands the pages' result to the engine; `forgetSession` when the session it began in has ended.
 *
 * @returns false when the flow is no longer there
 */
export async function writeFlowResult(
  db: Db,
  id: string,
  result: JsonObject,
  forgetSession: boolean,
  at: Date,
): Promise<boolean> {
  const answered = sql`jsonb_build_object('result', ${JSON.stringify(result)}::jsonb)`;
  const updated = await sql`
    update flows set engine = (case when ${forgetSession} then engine - 'session' else engine end) || ${answered}
    where id = ${id} and expires_at > ${at}`.execute(db);
  return updated.numAffectedRows === 1n;
}

type FlowRow = { engine: Json; state: Json; customer: string | null; expires_at: Date };

function toFlow(id: string, row: FlowRow): Flow {
  const { params, prompt, session, returnTo } = interaction.parse(row.engine);
  const { params: named, added } = partsOf(params);
  return {
    id,
    clientId: named.client_id ?? '',
    params: named,
    added,
    prompt: { name: prompt.name, reasons: prompt.reasons, page: prompt.details?.page },
    session: session && row.customer ? { customerId: row.customer, userId: session.accountId, uid: session.uid } : null,
    returnTo: pathOf(returnTo),
    state: isJsonObject(row.state) ? row.state : {},
    expiresAt: row.expires_at,
  };
}

/** The engine keeps a whole address: of it only the way counts, the origin is the configured one. */
function pathOf(address: string): string {
  const { pathname, search } = new URL(address, 'http://here');
  return pathname + search;
}
