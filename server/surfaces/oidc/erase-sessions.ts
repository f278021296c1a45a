import { sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { JsonParts } from '../../base/json-stream.ts';
import type { Erased } from '../../features/customers/customers.ts';
import { sessionsOf } from './sessions.ts';

/** Deletes what the protocol holds of an erased customer: sessions, grants with their tokens, sign-ins, open flows. */
export async function eraseSessions(tx: Db, { customers, userIds, emails }: Erased): Promise<void> {
  const ids = [...customers];
  const granted = tx.selectFrom('grants').select('id').where('customer', 'in', ids);
  await tx.deleteFrom('tokens').where('grant_id', 'in', granted).execute();
  await tx.deleteFrom('grants').where('customer', 'in', ids).execute();
  await tx.deleteFrom('sessions').where('customer', 'in', ids).execute();
  await tx.deleteFrom('sign_ins').where('customer', 'in', ids).execute();
  await tx.deleteFrom('flows').where('customer', 'in', ids).execute();
  // What was begun by somebody who was not known yet holds what they typed or proved. Flows are few and live a day.
  const traces = [...ids, ...userIds, ...emails];
  await sql`delete from flows where exists (
      select from unnest(${traces}::text[]) trace where strpos(lower(state::text || engine::text), lower(trace)) > 0
    )`.execute(tx);
}

/** Where the customer is signed in, to be handed to them. */
export async function exportSessions(db: Db, customerId: string): Promise<JsonParts> {
  const sessions = await sessionsOf(db, customerId);
  return {
    sessions: sessions.map(({ ip, userAgent, createdAt, seenAt, signedInAt, expiresAt, amr, portals }) => ({
      ip,
      user_agent: userAgent,
      created_at: createdAt.toISOString(),
      signed_in_at: signedInAt.toISOString(),
      seen_at: seenAt.toISOString(),
      expires_at: expiresAt.toISOString(),
      amr: [...amr],
      portals: Object.keys(portals),
    })),
  };
}
