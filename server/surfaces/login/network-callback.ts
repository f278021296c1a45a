import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import { advance, goTo, joinTwin } from './advance.ts';
import { readForm } from './form.ts';
import { linkFlow, readNetworkState } from './network-attempt.ts';
import { keepNote, takeNote } from './network-notes.ts';
import { returnAddress } from './network-return.ts';
import { openPage } from './page-visit.ts';
import type { NetworkParams } from './prove-network.ts';
import { takeAttempt } from './records.ts';

// All that any network sends along; whatever else was added on the way is dropped.
const known = ['code', 'state', 'error', 'error_description', 'error_reason', 'iss', 'id_token', 'user', 'scope'];
const noteSeconds = 300;
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
      return reply.redirect(`/account/linked?handle=${await keepNote(base, params, noteSeconds)}`, 302);
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
    const handle = await keepNote(base, onlyKnown(request.body), noteSeconds);
    return reply.header('cache-control', 'no-store').redirect(`/login/callback?handle=${handle}`, 303);
  });
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
