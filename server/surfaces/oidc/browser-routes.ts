import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { toProblem } from '../../base/http.ts';
import { countUserCode } from '../../features/accounts/accounts.ts';
import { keepAdded } from './added-params.ts';
import { askEngine, type EngineRequest, type Params } from './bridge.ts';
import { sessionCookieName } from './cookies.ts';
import { engineCookies } from './engine-configuration.ts';
import type { Engines } from './engines.ts';
import { type Exchange, openExchange } from './exchange.ts';
import { forgetFlow } from './flows.ts';
import type { ShowPage } from './page-port.ts';
import { toProtocolPage } from './protocol-pages.ts';
import { prepareResume, readSessionAhead } from './resume.ts';
import { checkText, readBody } from './token-request.ts';

/** Where browsers come: authorization, going on after the pages, and device activation. */
export async function browserRoutes(
  app: FastifyInstance,
  { base, engines, showPage }: { base: Base; engines: Engines; showPage: ShowPage },
): Promise<void> {
  app.setErrorHandler(async (error, request, reply) => {
    const { code, message, status } = toProblem(base, error, request);
    const model = { error: code, error_description: message, id: request.id };
    return showPage(request, reply, { name: 'error', model, status });
  });

  async function answer(exchange: Exchange, reply: FastifyReply, asked: Omit<EngineRequest, 'accept'>) {
    const { status, body } = await askEngine(await engines.current(), exchange, reply, {
      ...asked,
      accept: 'text/html',
    });
    if (exchange.fault) throw exchange.fault;
    if (exchange.won === false && !exchange.page) throw new Problem('flow_expired');
    return send(exchange, reply, status, body);
  }

  async function send(exchange: Exchange, reply: FastifyReply, status: number, body: unknown): Promise<FastifyReply> {
    const { request } = exchange;
    const page = toProtocolPage(exchange, status);
    if (page) return showPage(request, reply, page);
    if (status === 303 || status === 302) {
      // Auth0's own number; a form's answer must not be posted again.
      return reply.code(request.method === 'POST' ? 303 : 302).send();
    }
    return reply.code(status).type('text/html; charset=utf-8').send(body);
  }

  const authorize = async (request: FastifyRequest, reply: FastifyReply) => {
    const params = request.method === 'POST' ? readBody(request) : readQuery(request);
    const query = toEngineQuery(params);
    const hasSession = request.cookies[sessionCookieName(base.config)] !== undefined;
    const exchange = openExchange(request, !hasSession);
    if (hasSession) await readSessionAhead(base, exchange, one(query.client_id) ?? '');
    exchange.askedScope = typeof query.scope === 'string' ? query.scope : undefined;
    return answer(exchange, reply, { path: '/authorize', query, method: 'GET' });
  };
  app.get('/authorize', authorize);
  app.post('/authorize', authorize);

  app.get<{ Params: { flow: string } }>('/authorize/:flow', async (request, reply) => {
    const { flow } = request.params;
    const exchange = openExchange(request);
    await prepareResume(base, exchange, request, flow);
    forgetFlow(base, reply, flow);
    return answer(exchange, reply, { path: `/authorize/${flow}`, cookies: { [engineCookies.resume]: flow } });
  });

  app.get('/activate', async (request, reply) => {
    const exchange = openExchange(request);
    // Shown in the form; the engine would post it at once.
    exchange.userCode = one(readQuery(request).user_code);
    return answer(exchange, reply, { path: '/activate' });
  });

  app.post('/activate', async (request, reply) => {
    if (request.headers.origin !== base.config.url) throw new Problem('origin_refused');
    const form = readBody(request);
    const exchange = openExchange(request);
    exchange.userCode = one(form.user_code);
    await countUserCode(base, request.ip);
    return answer(exchange, reply, { path: '/activate', form });
  });

  app.get<{ Params: { flow: string } }>('/activate/:flow', async (request, reply) => {
    const { flow } = request.params;
    const exchange = openExchange(request);
    await prepareResume(base, exchange, request, flow);
    forgetFlow(base, reply, flow);
    return answer(exchange, reply, { path: `/activate/${flow}`, cookies: { [engineCookies.resume]: flow } });
  });
}

/** Every portal is the umbrella's own: consent is never asked, so asking for it asks for nothing. */
function toEngineQuery(params: Params): Params {
  const { prompt, scope = 'openid profile email', ...rest } = keepAdded(params);
  const pushed = rest.request_uri !== undefined;
  const prompts =
    typeof prompt === 'string' ? prompt.split(' ').filter((name) => name !== '' && name !== 'consent') : [];
  return {
    ...rest,
    ...(pushed && params.scope === undefined ? {} : { scope }),
    ...(Array.isArray(prompt) ? { prompt } : {}),
    ...(prompts.length > 0 ? { prompt: prompts.join(' ') } : {}),
  };
}

function readQuery({ query }: FastifyRequest): Params {
  return checkText(typeof query === 'object' && query !== null ? { ...query } : {});
}

function one(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value.slice(0, 100) : undefined;
}
