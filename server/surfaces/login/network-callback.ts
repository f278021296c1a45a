import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { inSeconds, now } from '../../base/clock.ts';
import { tokenHash } from '../../base/crypto.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import { secretToken } from '../../base/ids.ts';
import { advance, goTo, joinTwin } from './advance.ts';
import { readNetworkState } from './network-attempt.ts';
import { openPage } from './page-visit.ts';
import type { NetworkParams } from './prove-network.ts';
import { keepNetworkPost, takeAttempt, takeNetworkPost } from './records.ts';

// All that any network sends along; whatever else was added on the way is dropped.
const known = ['code', 'state', 'error', 'error_description', 'error_reason', 'iss', 'id_token', 'user', 'scope'];
const postSeconds = 300;

/** Where every network sends its customers back, by GET or (Apple) by POST. */
export function serveNetworkCallback(app: FastifyInstance, base: Base): void {
  app.get('/login/callback', async (request, reply) => {
    const params = await readAnswer(base, request);
    const state = readNetworkState(params.state);
    if (!state) throw new Problem('access_denied', undefined, { text: 'problem.wrong_provider' });
    const at = await openPage(base, request, reply, state.flowId);
    const attempt = await takeAttempt(base.db, state.flowId, state.attemptId);
    if (!attempt) {
      const twin = await joinTwin(at);
      if (twin) return twin;
      throw new Problem('access_denied', undefined, { text: 'problem.wrong_provider' });
    }
    // From here on the attempt is used up, whatever comes of it.
    const rest = await openPage(base, request, reply, state.flowId);
    try {
      return await advance(rest, { by: 'network', attempt, params });
    } catch (error) {
      const page = attempt.purpose === 'conflict' ? 'conflict' : 'login';
      const back = backAfter(error);
      if (!back) throw error;
      return goTo(rest, `${page}?stay&problem=${back}&network=${encodeURIComponent(attempt.connection)}`);
    }
  });

  // A form from another site brings no cookies of ours. It is kept under a handle of one use; the GET that follows
  // comes with them, and checks the state against cookie, flow and network.
  app.post('/login/callback', async (request, reply) => {
    const handle = secretToken();
    const sealed = base.vault.encrypt(JSON.stringify(onlyKnown(request.body)), 'network_posts.params');
    await keepNetworkPost(base.db, {
      handleHash: tokenHash(handle),
      params: sealed,
      expiresAt: inSeconds(postSeconds),
    });
    return reply.header('cache-control', 'no-store').redirect(`/login/callback?handle=${handle}`, 303);
  });
}

async function readAnswer(base: Base, request: FastifyRequest): Promise<NetworkParams> {
  const query: unknown = request.query;
  const handle = typeof query === 'object' && query && 'handle' in query ? query.handle : undefined;
  if (typeof handle !== 'string') return onlyKnown(query);
  const kept = await takeNetworkPost(base.db, tokenHash(handle), now());
  if (kept === undefined) throw new Problem('flow_expired');
  return JSON.parse(base.vault.decrypt(kept, 'network_posts.params'));
}

function onlyKnown(given: unknown): Record<string, unknown> {
  if (typeof given !== 'object' || given === null) return {};
  return Object.fromEntries(Object.entries(given).filter(([name]) => known.includes(name)));
}

/** The refusals after which the customer may try again, or another way, on the page they came from. */
function backAfter(error: unknown): string | undefined {
  return isProblem(error, 'network_failed', 'network_refused', 'access_denied') ? error.code : undefined;
}
