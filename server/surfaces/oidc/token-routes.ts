import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errors } from 'oidc-provider';
import type { Base } from '../../base/base.ts';
import { isProblem } from '../../base/errors.ts';
import { toProblem } from '../../base/http.ts';
import { keepAdded } from './added-params.ts';
import { askEngine, type Params } from './bridge.ts';
import type { Engines } from './engines.ts';
import { toOAuthError } from './errors.ts';
import { type Exchange, openExchange } from './exchange.ts';
import { lifetimes } from './lifetimes.ts';
import { noteReuse } from './protocol-log.ts';
import { pollInterval, readBody, toEngineTokenRequest } from './token-request.ts';

const paths = ['/oauth/token', '/oauth/revoke', '/oauth/par', '/oauth/device/code', '/userinfo'];

/** Where programs come: tokens, revocation, pushed requests, device codes. JSON in and out, or forms in. */
export async function tokenRoutes(
  app: FastifyInstance,
  { base, engines }: { base: Base; engines: Engines },
): Promise<void> {
  app.setErrorHandler(async (error, request, reply) => {
    if (error instanceof errors.OIDCProviderError) return refuse(reply, error, readGrantType(request));
    const { code, message, status } = toProblem(base, error, request);
    const name = code === 'invalid_body' || code === 'body_too_large' ? 'invalid_request' : code;
    return reply.code(status).send({ error: name, error_description: message });
  });

  async function answer(request: FastifyRequest, reply: FastifyReply, exchange: Exchange, path: string, form: Params) {
    const engine = await engines.current();
    const { status, body } = await askEngine(engine, exchange, reply, { path, form, accept: 'application/json' });
    const { fault, refused, won } = exchange;
    if (refused) await noteReuse(base, exchange);
    if (fault && !isProblem(fault)) throw fault;
    if (fault || refused) return refuse(reply, fault ?? refused, readGrantType(request));
    if (won === false) return refuse(reply, new errors.InvalidGrant('used before'), readGrantType(request));
    return reply.code(status).send(toAuth0(path, exchange, body));
  }

  app.post('/oauth/token', async (request, reply) => {
    const exchange = openExchange(request);
    const form = await toEngineTokenRequest(base, exchange, readBody(request));
    return answer(request, reply, exchange, '/oauth/token', form);
  });
  app.post('/oauth/revoke', async (request, reply) =>
    answer(request, reply, openExchange(request), '/oauth/revoke', readBody(request)),
  );
  for (const path of ['/oauth/par', '/oauth/device/code']) {
    app.post(path, async (request, reply) => {
      const exchange = openExchange(request);
      const form = readBody(request);
      exchange.askedScope = typeof form.scope === 'string' ? form.scope : undefined;
      return answer(request, reply, exchange, path, keepAdded(form));
    });
  }

  for (const path of paths) {
    app.options(path, async (request, reply) => {
      const asked = { path, accept: 'application/json' as const };
      const { status } = await askEngine(await engines.current(), openExchange(request), reply, asked);
      return reply.code(status).send();
    });
  }
}

function refuse(reply: FastifyReply, refused: unknown, grantType: string | undefined): FastifyReply {
  const { status, headers = {}, ...body } = toOAuthError(refused, { grantType });
  return reply.code(status).headers(headers).header('cache-control', 'no-store').send(body);
}

function readGrantType({ body }: FastifyRequest): string | undefined {
  if (typeof body !== 'object' || body === null || !('grant_type' in body)) return undefined;
  return typeof body.grant_type === 'string' ? body.grant_type.slice(0, 200) : undefined;
}

/** Where Auth0's answers differ from the engine's. */
function toAuth0(path: string, { keepsRefreshToken }: Exchange, body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  switch (path) {
    case '/oauth/device/code':
      return { ...body, interval: pollInterval };
    case '/oauth/par':
      return { ...body, expires_in: lifetimes.PushedRequest };
    case '/oauth/token':
      return keepsRefreshToken ? { ...body, refresh_token: undefined } : body;
    default:
      return body;
  }
}
