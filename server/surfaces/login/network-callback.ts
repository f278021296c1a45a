import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import { advance, goTo, joinTwin } from './advance.ts';
import { readForm } from './form.ts';
import { linkFlow, readNetworkState, stateOf } from './network-attempt.ts';
import { hasNote, keepReturn, takeNote } from './network-notes.ts';
import { returnAddress } from './network-return.ts';
import { openPage } from './page-visit.ts';
import type { NetworkParams } from './prove-network.ts';
import { isAttempted, takeAttempt } from './records.ts';

// All that any network sends along; whatever else was added on the way is dropped.
const known = ['code', 'state', 'error', 'error_description', 'error_reason', 'iss', 'id_token', 'user', 'scope'];
// Anybody may post here, and what comes is kept for a while.
const mostPosted = 64 * 1024;
const mostCharacters = 8192;

/** Where every network sends its customers back, by GET or (Apple) by POST. */
export function serveNetworkCallback(app: FastifyInstance, base: Base): void {
  app.get('/login/callback', async (request, reply) => {
    const params = await readAnswer(base, request);
    const state = readNetworkState(params.state);
    if (!state) throw new Problem('access_denied', undefined, { text: 'problem.wrong_provider' });
    if (state.flowId === linkFlow) {
      // The account page asked: it looks at the session, and at what it asked for.
      const isKept = await isAwaited(base, state);
      const more = isKept ? `?handle=${await keepReturn(base, request.ip, params)}` : '';
      return reply.redirect(`/account/linked${more}`, 302);
    }
    const at = await openPage(base, request, reply, state.flowId);
    const attempt = await takeAttempt(base.db, state.flowId, state.attemptId);
    if (!attempt) {
      if (await joinTwin(at)) return reply;
      throw new Problem('access_denied', undefined, { text: 'problem.wrong_provider' });
    }
    // From here on the attempt is used up, whatever comes of it.
    const rest = await openPage(base, request, reply, state.flowId);
    try {
      return await advance(rest, { by: 'network', attempt, params });
    } catch (error) {
      if (!isProblem(error, 'network_failed', 'network_refused', 'access_denied')) throw error;
      return goTo(rest, returnAddress(attempt.purpose, error.code, attempt.connection));
    }
  });

  // A form from another site brings no cookies of ours. It is kept under a handle of one use; the GET that follows
  // comes with them, and checks the state against cookie, flow and network.
  app.post('/login/callback', { bodyLimit: mostPosted }, async (request, reply) => {
    const params = onlyKnown(request.body);
    const state = readNetworkState(params.state);
    reply.header('cache-control', 'no-store');
    // Nobody waits for it (any more): nothing is kept, and the GET says what there is to say.
    if (!state || !(await isAwaited(base, state))) {
      const more = state && `?${new URLSearchParams({ state: stateOf(state.flowId, state.attemptId) })}`;
      return reply.redirect(`/login/callback${more ?? ''}`, 303);
    }
    const handle = await keepReturn(base, request.ip, params);
    return reply.redirect(`/login/callback?handle=${handle}`, 303);
  });
}

function isAwaited({ db }: Base, { flowId, attemptId }: { flowId: string; attemptId: string }): Promise<boolean> {
  return flowId === linkFlow ? hasNote(db, attemptId) : isAttempted(db, flowId, attemptId);
}

async function readAnswer(base: Base, request: FastifyRequest): Promise<NetworkParams> {
  const { handle } = readForm(request.query);
  if (handle === undefined) return onlyKnown(request.query);
  const kept = await takeNote(base, handle);
  if (kept === undefined) throw new Problem('flow_expired');
  return onlyKnown(kept);
}

/** What came twice stays twice, so that it is refused; what is longer than any network's answer is dropped. */
function onlyKnown(given: unknown): Record<string, unknown> {
  if (typeof given !== 'object' || given === null) return {};
  const pairs = Object.entries(given).flatMap(([name, value]) => {
    const values = (Array.isArray(value) ? value.slice(0, 2) : [value]).filter(isAnswer);
    return known.includes(name) && values.length > 0 ? [[name, values.length === 1 ? values[0] : values]] : [];
  });
  return Object.fromEntries(pairs);
}

function isAnswer(value: unknown): value is string {
  return typeof value === 'string' && value.length <= mostCharacters;
}
