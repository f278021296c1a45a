import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { Problem } from '../../base/errors.ts';
import { askEngine, type Params } from './bridge.ts';
import type { Engines } from './engines.ts';
import { openExchange } from './exchange.ts';
import type { Flow } from './flow.ts';
import { readFlow } from './flow-records.ts';

/**
 * Begins a flow for the browser of this request, as if its portal had sent it to `/authorize`: with the cookie of the
 * flow on the answer, whoever is signed in here.
 *
 * @param params of the authorization request
 * @throws Problem `flow_expired` when the engine refuses it: the portal was closed or changed meanwhile
 */
export async function beginFlow(
  base: Base,
  engines: Engines,
  request: FastifyRequest,
  reply: FastifyReply,
  params: Params,
): Promise<Flow> {
  const exchange = openExchange(request);
  const query = { scope: 'openid profile email', ...params, prompt: 'login' };
  exchange.askedScope = typeof query.scope === 'string' ? query.scope : undefined;
  const asked = { path: '/authorize', query, method: 'GET', accept: 'text/html' } as const;
  await askEngine(await engines.current(), exchange, reply, asked);
  // Where the engine sends the browser: the caller decides.
  reply.removeHeader('location');
  if (exchange.fault) throw exchange.fault;
  const id = exchange.writes.flow?.id;
  const found = id === undefined || exchange.won === false ? undefined : await readFlow(base, id, now());
  if (!found) throw new Problem('flow_expired');
  return found.flow;
}
