import type { IncomingMessage } from 'node:http';
import { stringify } from 'node:querystring';
import type { FastifyReply } from 'fastify';
import type { Engine } from './engine.ts';
import { engineCookies } from './engine-configuration.ts';
import type { Exchange } from './exchange.ts';

/** Parameters as the engine is to see them; a list is a parameter that was sent several times. */
export type Params = Record<string, string | string[]>;

/** How the engine sees the request; the rest is as it came. */
export type EngineRequest = {
  /** Path below the origin. */
  readonly path: string;
  readonly query?: Params | undefined;
  /** Sent as a form, whatever the guest sent. */
  readonly form?: Params | undefined;
  readonly method?: 'GET' | undefined;
  /** JSON for programs, HTML for browsers. */
  readonly accept: 'application/json' | 'text/html';
  /** Cookies of the engine that our own stand for. */
  readonly cookies?: Readonly<Record<string, string>> | undefined;
};

/** What the engine answers: its headers are on the reply already. */
export type EngineAnswer = { readonly status: number; readonly body: unknown };

const ownHeaders = ['content-length', 'content-type', 'transfer-encoding'];
// What may stand on the answer when nothing was written: no address with a code, no cookie.
const harmless = /^(access-control-.*|cache-control|dpop-nonce|vary)$/;
const exposed = 'x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, retry-after';

/**
 * Hands a request to the engine, which believes to be alone with Node's request and response, and takes its answer
 * back, so that Fastify sends it as any other.
 *
 * @throws whatever went wrong inside that is no refusal
 */
export async function askEngine(
  engine: Engine,
  exchange: Exchange,
  reply: FastifyReply,
  asked: EngineRequest,
): Promise<EngineAnswer> {
  const { raw } = exchange.request;
  const { url, method } = raw;
  dress(raw, asked);
  try {
    await engine.handle(raw, reply.raw);
  } finally {
    raw.url = url;
    raw.method = method;
  }
  const isVoid = exchange.won !== true;
  takeHeaders(reply, (name) => !isVoid || harmless.test(name));
  if (!exchange.answer) throw exchange.fault ?? new Error('The engine gave no answer.');
  return exchange.answer;
}

function dress(raw: IncomingMessage, { path, query, form, method, accept, cookies = {} }: EngineRequest): void {
  const search = query ? stringify(query) : '';
  raw.url = search === '' ? path : `${path}?${search}`;
  if (method) raw.method = method;
  raw.headers.accept = accept;
  const added = Object.entries(cookies).map(([name, value]) => `${name}=${value}`);
  // What a guest sends under the engine's own names never counts.
  const others = (raw.headers.cookie ?? '').split(/; */).filter((pair) => pair !== '' && !isEngineCookie(pair));
  raw.headers.cookie = [...others, ...added].join('; ');
  delete raw.headers['content-type'];
  delete raw.headers['content-length'];
  delete raw.headers['transfer-encoding'];
  if (form) {
    const body = Buffer.from(stringify(form));
    raw.headers['content-type'] = 'application/x-www-form-urlencoded';
    raw.headers['content-length'] = String(body.length);
    // The body was read and parsed before; the engine reads it again from here.
    Object.defineProperty(raw, 'readable', { value: true, configurable: true });
    Object.defineProperty(raw, 'iterator', { value: () => once(body), configurable: true });
  }
}

async function* once(body: Buffer): AsyncGenerator<Buffer> {
  yield body;
}

/** Moves what the engine set to Fastify's reply, which has the last word on type and length. */
function takeHeaders(reply: FastifyReply, may: (name: string) => boolean): void {
  for (const [name, value] of Object.entries(reply.raw.getHeaders())) {
    reply.raw.removeHeader(name);
    if (value === undefined || ownHeaders.includes(name) || !may(name)) continue;
    if (name === 'set-cookie') {
      for (const cookie of [value].flat()) {
        if (!isEngineCookie(String(cookie))) reply.header(name, String(cookie));
      }
    } else if (name === 'access-control-expose-headers') {
      reply.header(name, `${value}, ${exposed}`);
    } else {
      reply.header(name, value);
    }
  }
}

function isEngineCookie(pair: string): boolean {
  return Object.values(engineCookies).some((name) => pair.startsWith(`${name}=`));
}
