import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Base } from './base.ts';
import { isProblem, Problem } from './errors.ts';
import { forwardedAddresses } from './forwarded-for.ts';
import { randomId } from './ids.ts';
import { plainAddress } from './ip-address.ts';
import { requestSeconds } from './metrics.ts';
import { pendingMigrations } from './migrate.ts';

const bodyLimit = 1024 * 1024;

/** Says to a browser that there is no such page. */
export type NotFoundPage = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/**
 * The HTTP server before any surface: limits, the Host rule (a host that is not `REGULARS_URL`'s gets 421 before any
 * handler), security headers, `/healthz`, `/readyz`, one log line a request, and errors as JSON. A surface that speaks
 * another shape sets its own error handler inside its `register`.
 */
export async function createHttp(base: Base, notFoundPage?: NotFoundPage): Promise<FastifyInstance> {
  const { config } = base;
  const loggerInstance: FastifyBaseLogger = base.log;
  const options = {
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit,
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    genReqId: () => randomId(),
    forceCloseConnections: 'idle' as const,
    requestTimeout: 30_000,
    routerOptions: { maxParamLength: 1024 },
  };
  const app: FastifyInstance = config.tls ? Fastify({ ...options, https: config.tls }) : Fastify(options);

  // First, for the page that says what is wrong with a request looks at its cookies.
  await app.register(cookie);
  const ownHost = new URL(config.url).host;
  app.addHook('onRequest', async (request, reply) => {
    const { 'x-forwarded-for': forwarded } = request.raw.headers;
    if (forwarded !== undefined) request.raw.headers['x-forwarded-for'] = forwardedAddresses(String(forwarded));
    const ip = plainAddress(request.ip);
    // Here once, so that limits, places and the timeline know an IPv4 client by one name, wherever the server listens.
    if (ip !== request.ip) Object.defineProperty(request, 'ip', { value: ip });
    if (request.host.toLowerCase() !== ownHost && !isProbe(request)) throw new Problem('wrong_host');
    reply.header('x-content-type-options', 'nosniff');
    if (config.url.startsWith('https:')) reply.header('strict-transport-security', 'max-age=31536000');
  });
  app.addHook('onResponse', async (request, reply) => {
    if (isProbe(request)) return;
    const { url: route = 'unknown' } = request.routeOptions;
    const { method } = request;
    const { statusCode: status, elapsedTime } = reply;
    requestSeconds.observe({ method, route, status }, elapsedTime / 1000);
    base.log.info({ id: request.id, method, route, status, ms: Math.round(elapsedTime) }, 'request');
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = toProblem(base, error, request);
    return reply.code(problem.status).send({ error: problem.code, error_description: problem.message });
  });
  app.setNotFoundHandler(async (request, reply) => {
    const isBrowser = request.method === 'GET' && request.headers.accept?.includes('text/html');
    if (notFoundPage && isBrowser) return notFoundPage(request, reply);
    throw new Problem('not_found');
  });

  await app.register(formbody, { bodyLimit });

  app.get('/healthz', async () => ({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) => {
    const ready = await isReady(base);
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' });
  });
  return app;
}

/**
 * What any error is to a guest: a `Problem` as it is, the framework's own refusals translated, and everything else
 * logged once with an id and told as "something went wrong" with that id.
 */
export function toProblem(base: Base, error: unknown, request: FastifyRequest): Shown {
  if (isProblem(error)) return error;
  const status = isFastifyError(error) ? (error.statusCode ?? 500) : 500;
  if (status === 413) return new Problem('body_too_large');
  if (status >= 400 && status < 500) return new Problem('invalid_body', 'The request could not be read.');
  base.log.error({ err: error, id: request.id, route: request.routeOptions.url }, 'something went wrong');
  return {
    code: 'server_error',
    status: 500,
    message: `Something went wrong. If it stays, tell support this id: ${request.id}`,
    extra: {},
  };
}

/** What a surface shows of an error. */
export type Shown = { code: string; status: number; message: string; extra: Readonly<Record<string, unknown>> };

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number';
}

function isProbe(request: FastifyRequest): boolean {
  return request.url === '/healthz' || request.url === '/readyz';
}

async function isReady(base: Base): Promise<boolean> {
  try {
    return (await pendingMigrations(base.pool)).length === 0;
  } catch {
    return false;
  }
}
