import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { toProblem } from '../../base/http.ts';
import { portal as findPortal } from '../../features/portals/portals.ts';
import { mayHaveTokens } from './accounts.ts';
import { type Bearer, readBearer } from './bearer.ts';
import { askEngine } from './bridge.ts';
import { claimsFor, toldOver } from './claims.ts';
import { originsOf } from './client-metadata.ts';
import type { Engines } from './engines.ts';
import { openExchange } from './exchange.ts';
import type { Asked } from './userinfo-records.ts';

/**
 * `/userinfo`: who the customer of an access token is. It is what portals ask most, so bearer tokens, opaque ones and
 * JWTs, are answered here with as little work as can be; tokens bound to a key (DPoP) go to the engine.
 */
export async function userinfoRoutes(
  app: FastifyInstance,
  { base, engines }: { base: Base; engines: Engines },
): Promise<void> {
  app.setErrorHandler(async (error, request, reply) => {
    const { code, message, status } = toProblem(base, error, request);
    return reply.code(status).send({ error: code, error_description: message });
  });

  async function tell(request: FastifyRequest, reply: FastifyReply) {
    reply.header('cache-control', 'no-store').header('vary', 'Origin');
    if (request.headers.dpop !== undefined) return askTheEngine(request, reply);
    const token = tokenOf(request);
    if (token === undefined) return refuse(base, request, reply);
    const found = await readBearer(base, token);
    if (!found || !isGood(found)) return refuse(base, request, reply, 'invalid_token');
    const { bearer, customer, ownClaims } = found;
    await allowOrigin(base, request, reply, bearer);
    return reply.send(toldOver(claimsFor(customer, bearer.scopes), ownClaims));
  }
  app.get('/userinfo', tell);
  app.post('/userinfo', tell);

  async function askTheEngine(request: FastifyRequest, reply: FastifyReply) {
    const exchange = openExchange(request);
    const asked = { path: '/userinfo', accept: 'application/json' as const };
    const { status, body } = await askEngine(await engines.current(), exchange, reply, asked);
    if (exchange.fault) throw exchange.fault;
    if (exchange.refused) return reply.code(status).type('text/plain; charset=utf-8').send('Unauthorized');
    return reply.code(status).send(status === 200 ? toldOver(Object(body), exchange.ownClaims) : body);
  }
}

/** A token that is bound to a key is no bearer token, and one without `openid` is not for here. */
function isGood({ bearer, customer }: { bearer: Bearer; customer: Asked }): boolean {
  return bearer.jkt === undefined && bearer.scopes.has('openid') && mayHaveTokens(customer, bearer.userId);
}

/** RFC 6750: in the header, or in the form of a POST; never in the address. */
function tokenOf({ headers, body }: FastifyRequest): string | undefined {
  const inHeader = /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const inForm =
    typeof body === 'object' && body !== null && 'access_token' in body && typeof body.access_token === 'string'
      ? body.access_token
      : undefined;
  return inHeader !== undefined && inForm !== undefined ? undefined : (inHeader ?? inForm);
}

function refuse(base: Base, request: FastifyRequest, reply: FastifyReply, error?: string): FastifyReply {
  const { origin } = request.headers;
  // A page may read that it was refused, which tells it nothing.
  if (origin !== undefined) reply.header('access-control-allow-origin', origin);
  const why = error === undefined ? '' : `, error="${error}", error_description="invalid token provided"`;
  return reply
    .code(401)
    .header('www-authenticate', `Bearer realm="${base.config.issuer}"${why}`)
    .header('access-control-expose-headers', 'WWW-Authenticate')
    .type('text/plain; charset=utf-8')
    .send('Unauthorized');
}

async function allowOrigin(base: Base, request: FastifyRequest, reply: FastifyReply, bearer: Bearer): Promise<void> {
  const { origin } = request.headers;
  if (origin === undefined) return;
  const portal = await findPortal(base, bearer.clientId);
  if (portal && originsOf(portal).has(origin)) reply.header('access-control-allow-origin', origin);
}
