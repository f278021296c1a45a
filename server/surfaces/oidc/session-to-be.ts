import type { FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { tokenHash } from '../../base/crypto.ts';
import { sessionCookieName } from './cookies.ts';
import { readSession } from './session-records.ts';

/** The `uid` of the session that this customer's sign-in by a flow opens in a browser that has none: known before there is one. */
export function uidOfFlow({ vault }: Pick<Base, 'vault'>, flowId: string, customerId: string): string {
  return vault.keyedHash('session-of-flow', `${flowId} ${customerId}`).toString('base64url').slice(0, 22);
}

/**
 * The `uid` of the session that this customer's sign-in by a flow will be in: the browser's, unless it is somebody
 * else's, or the one that will be opened.
 */
export async function uidToBe(
  base: Base,
  request: FastifyRequest,
  flowId: string,
  customerId: string,
): Promise<string> {
  const id = request.cookies[sessionCookieName(base.config)];
  const stored = id === undefined ? undefined : await readSession(base, tokenHash(id), now());
  const isTheirs = stored?.payload.accountId === undefined || stored.customer?.id === customerId;
  return (isTheirs ? stored?.payload.uid : undefined) ?? uidOfFlow(base, flowId, customerId);
}
