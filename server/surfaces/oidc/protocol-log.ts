import type { FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import type { Db } from '../../base/db.ts';
import { appendTimeline } from '../../features/customers/customers.ts';
import type { Exchange } from './exchange.ts';

/** Writes that a token came back after it was used up: somebody may have stolen it; all it gave was taken back. */
export async function noteReuse(base: Base, { request, reused, signIn }: Exchange): Promise<void> {
  if (reused === undefined || !signIn) return;
  const { subject, brand, portal } = signIn;
  const name = reused === 'RefreshToken' ? 'refresh_reused' : 'code_exchange_failed';
  const data = { reason: 'used before' };
  await appendTimeline(base.db, [{ class: 'security', name, subject, brand, portal, data, ...by(request) }]);
}

/** Writes that a customer signed out, in the transaction that ends the session. */
export async function noteSignOut(base: Base, tx: Db, request: FastifyRequest, sessionUid: string): Promise<void> {
  const found = await sql<{ subject: string; brand: string; portal: string }>`
    select s.subject, s.brand, s.portal from grants g
    join sign_ins s on s.customer = g.customer and s.id = g.sign_in
    where g.session_uid = ${sessionUid} order by s.at desc limit 1`.execute(tx);
  const [last] = found.rows;
  if (!last) return;
  const session = base.vault.keyedHash('timeline-session', sessionUid).toString('base64url');
  await appendTimeline(tx, [{ class: 'sign_in', name: 'signed_out', session, ...last, ...by(request) }]);
}

function by({ ip, headers }: FastifyRequest) {
  return { source: 'oidc', occurredAt: now(), ip, userAgent: (headers['user-agent'] ?? '').slice(0, 400) };
}
