import type { FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import type { Db } from '../../base/db.ts';
import { appendTimeline } from '../../features/customers/customers.ts';
import type { Exchange } from './exchange.ts';
import type { LastSignIn } from './network-exit.ts';

/** Writes that a token came back after it was used up: somebody may have stolen it; all it gave was taken back. */
export async function noteReuse(base: Base, { request, reused, signIn }: Exchange): Promise<void> {
  if (reused === undefined || !signIn) return;
  const { subject, brand, portal } = signIn;
  const name = reused === 'RefreshToken' ? 'refresh_reused' : 'code_exchange_failed';
  const data = { reason: 'used before' };
  await appendTimeline(base.db, [{ class: 'security', name, subject, brand, portal, data, ...by(request) }]);
}

/** Writes that a customer signed out, in the transaction that ends the session. Gives the last sign-in in it. */
export async function noteSignOut(
  base: Base,
  tx: Db,
  request: FastifyRequest,
  sessionUid: string,
): Promise<LastSignIn | undefined> {
  const found = await sql<LastSignIn & { brand: string; portal: string }>`
    select s.customer, s.subject, s.connection, s.brand, s.portal from grants g
    join sign_ins s on s.customer = g.customer and s.id = g.sign_in
    where g.session_uid = ${sessionUid} order by s.at desc limit 1`.execute(tx);
  const [last] = found.rows;
  if (!last) return undefined;
  const { subject, brand, portal } = last;
  const session = base.vault.keyedHash('timeline-session', sessionUid).toString('base64url');
  const what = { class: 'sign_in', name: 'signed_out', session, subject, brand, portal } as const;
  await appendTimeline(tx, [{ ...what, ...by(request) }]);
  return last;
}

function by({ ip, headers }: FastifyRequest) {
  return { source: 'oidc', occurredAt: now(), ip, userAgent: (headers['user-agent'] ?? '').slice(0, 400) };
}
