import type { FastifyRequest } from 'fastify';
import type { AdapterPayload } from 'oidc-provider';
import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { tokenHash } from '../../base/crypto.ts';
import { transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { seconds } from './adapter-verbs.ts';
import { holdsFlow, sessionCookieName } from './cookies.ts';
import { endSession } from './end-sessions.ts';
import type { Exchange } from './exchange.ts';
import { readFlowToResume, readSessionAtPortal } from './session-records.ts';
import { uidOfFlow } from './session-to-be.ts';

const loginResult = z.object({ result: z.object({ login: z.object({ accountId: z.string() }) }) });

/**
 * Reads the flow that the engine is to go on with, and the browser's session, and checks that the flow is this
 * browser's. Where somebody else is signed in meanwhile (another tab), that session ends first.
 *
 * @throws Problem `flow_expired`
 */
export async function prepareResume(
  base: Base,
  exchange: Exchange,
  request: FastifyRequest,
  flowId: string,
): Promise<void> {
  const sessionId = request.cookies[sessionCookieName(base.config)];
  const sessionHash = sessionId === undefined ? null : tokenHash(sessionId);
  const found = /^[\w-]{1,64}$/.test(flowId) ? await readFlowToResume(base, flowId, sessionHash, now()) : undefined;
  if (!found || !holdsFlow(base.config, request, flowId, found.secretHash)) throw new Problem('flow_expired');
  exchange.read.set(`Interaction:${flowId}`, { ...found.engine, jti: flowId, exp: seconds(found.expiresAt) });
  exchange.customer = found.customer;
  if (found.customer) exchange.sessionToBe = uidOfFlow(base, flowId, found.customer.id);
  if (found.portalIsOpen) exchange.openPortal = clientOf(found.engine);
  if (sessionId === undefined || sessionHash === null) return;

  const login = loginResult.safeParse(found.engine);
  const { session } = found;
  const isAnothers =
    login.success && session !== undefined && belongsToAnother(session, login.data.result.login.accountId);
  if (isAnothers) await transact(base.db, (tx) => endSession(tx, { hash: sessionHash }));
  const kept = isAnothers ? undefined : session;
  exchange.read.set(`Session:${sessionId}`, kept && { ...kept.payload, jti: sessionId, exp: seconds(kept.expiresAt) });
}

/** Reads the browser's session before the engine does: with its customer, and whether the portal that asks is open. */
export async function readSessionAhead(base: Base, exchange: Exchange, clientId: string): Promise<void> {
  const id = exchange.request.cookies[sessionCookieName(base.config)];
  if (id === undefined) return;
  const { session, portalIsOpen } = await readSessionAtPortal(base, tokenHash(id), clientId, now());
  if (portalIsOpen) exchange.openPortal = clientId;
  exchange.customer = session?.customer;
  const kept = session && { ...session.payload, jti: id, exp: seconds(session.expiresAt) };
  exchange.read.set(`Session:${id}`, kept);
}

function belongsToAnother({ payload }: { payload: AdapterPayload }, userId: string): boolean {
  return payload.accountId !== undefined && payload.accountId !== userId;
}

function clientOf({ params }: AdapterPayload): string | undefined {
  return typeof params?.client_id === 'string' ? params.client_id : undefined;
}
