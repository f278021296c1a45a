import { createHmac } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { sameSecret } from '../../base/crypto.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { flowCookieName, flowCookieOptions, holdsFlow } from './cookies.ts';
import { endSession } from './end-sessions.ts';
import type { Flow, FlowOutcome } from './flow.ts';
import { readFlow, writeFlowResult, writeFlowState } from './flow-records.ts';

/**
 * The flow of a page's address, if this browser began it.
 *
 * @throws Problem `flow_expired` when it is over, unknown, or another browser's
 */
export async function openFlow(base: Base, request: FastifyRequest, flowId: string): Promise<Flow> {
  const found = /^[\w-]{1,64}$/.test(flowId) ? await readFlow(base, flowId, now()) : undefined;
  if (!found || !holdsFlow(base.config, request, flowId, found.secretHash)) throw new Problem('flow_expired');
  return found.flow;
}

/**
 * Keeps `state` and `expiresAt`.
 *
 * @throws Problem `flow_expired` when it ended meanwhile
 */
export async function saveFlow(db: Db, flow: Flow): Promise<void> {
  if (!(await writeFlowState(db, flow.id, flow.state, flow.expiresAt))) throw new Problem('flow_expired');
}

/** What every form of the flow carries in a hidden field, `form_token` by custom. */
export function formToken(base: Base, flow: Pick<Flow, 'id'>): string {
  return createHmac('sha256', base.vault.derive('forms')[0]).update(flow.id).digest('base64url');
}

/**
 * Was this form sent from our own page of this flow? The browser's `Origin` must be ours, too.
 *
 * @throws Problem `origin_refused`
 */
export function checkForm(
  base: Base,
  request: Pick<FastifyRequest, 'headers'>,
  flow: Pick<Flow, 'id'>,
  token: unknown,
): void {
  const own = request.headers.origin === base.config.url;
  if (!own || typeof token !== 'string' || !sameSecret(token, formToken(base, flow))) {
    throw new Problem('origin_refused');
  }
}

/**
 * Ends the pages' part: hands the result to the engine and sends the browser there (303). When somebody else than the
 * session's customer signed in, that session ends.
 *
 * @param outcome `written`: its `flowResult` is in the flow already
 * @throws Problem `flow_expired` when it ended meanwhile
 */
export async function finishFlow(
  base: Base,
  reply: FastifyReply,
  flow: Flow,
  outcome: FlowOutcome | 'written',
): Promise<FastifyReply> {
  if (outcome !== 'written') await writeOutcome(base, flow, outcome);
  return reply.header('cache-control', 'no-store').redirect(new URL(flow.returnTo, base.config.url).href, 303);
}

/**
 * What the engine is told, for who writes it into the flow together with what was recorded; undefined when a session
 * has to end before, which `finishFlow` does.
 */
export function flowResult(flow: Flow, outcome: FlowOutcome): JsonObject | undefined {
  return sessionToEnd(flow, outcome) ? undefined : toEngineResult(outcome);
}

async function writeOutcome(base: Base, flow: Flow, outcome: FlowOutcome): Promise<void> {
  const ended = sessionToEnd(flow, outcome);
  const write = (db: Db) => writeFlowResult(db, flow.id, toEngineResult(outcome), ended !== null, now());
  const isThere = ended
    ? await transact(base.db, async (tx) => {
        await endSession(tx, { uid: ended.uid });
        return write(tx);
      })
    : await write(base.db);
  if (!isThere) throw new Problem('flow_expired');
}

/** The session of somebody else than who signed in. */
function sessionToEnd({ session }: Flow, outcome: FlowOutcome): Flow['session'] {
  return !('error' in outcome) && session?.userId !== outcome.customer ? session : null;
}

/** Takes a flow's cookie away. */
export function forgetFlow(base: Base, reply: FastifyReply, flowId: string): void {
  const { maxAge: _, ...options } = flowCookieOptions(base.config);
  reply.clearCookie(flowCookieName(base.config, flowId), options);
}

function toEngineResult(outcome: FlowOutcome): JsonObject {
  if ('error' in outcome) return { error: outcome.error, error_description: outcome.error_description };
  const { customer, signIn, amr, acr, proved = true } = outcome;
  const login = { accountId: customer, amr: [...amr], ...(acr === undefined ? {} : { acr }) };
  // The names of prompts that are hereby answered.
  return { journey: { signIn }, select_account: {}, ...(proved ? { login } : {}) };
}
