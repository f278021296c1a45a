import type { FastifyInstance, InjectOptions } from 'fastify';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { asOwnCall } from '../../base/own-calls.ts';
import type { CalledRequest, CalledResponse } from '../../base/sandbox/http-call.ts';

const mostBytes = 5_000_000;
const mostMs = 10_000;

// Who a request comes from is never the code's to say.
const notPassedOn = new Set([
  ...['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-port', 'x-forwarded-proto', 'x-real-ip', 'via'],
]);
const methods = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'] as const;

// By what all copies of one base share.
const servers = new WeakMap<Base['settings'], FastifyInstance>();

/** Hands in the server whose addresses code may call without leaving the process. */
export function handInOwnServer({ settings }: Pick<Base, 'settings'>, app: FastifyInstance): void {
  servers.set(settings, app);
}

/** The circumstances of a run of code. */
export type OwnCaller = {
  /** Of whoever the code runs for: limits count the call as theirs. */
  readonly ip: string | undefined;
  /** See `ownCallDepth`, at the time when the run began. */
  readonly depth: number;
};

/**
 * Answers a request of the umbrella's own code for an address of this server, as if it had come from outside: with the
 * same checks, for the same tokens. Code that runs because of such a request makes none (508).
 *
 * @returns undefined when the address is not this server's, or there is no server in this process
 * @throws Problem `outgoing_failed` (extra: reason) when it is too large or too slow
 */
export async function answerOwn(
  base: Pick<Base, 'config' | 'settings'>,
  request: CalledRequest,
  { ip, depth }: OwnCaller,
  signal: AbortSignal,
): Promise<CalledResponse | undefined> {
  const url = ownUrl(base, request.url);
  const app = servers.get(base.settings);
  if (!url || !app) return undefined;
  if (depth > 0) return refusal(508, 'Loop Detected', loops);
  const method = methods.find((one) => one === request.method.toUpperCase());
  if (!method) return refusal(405, 'Method Not Allowed', 'This method is not answered here.');
  const headers = Object.fromEntries(request.headers.filter(([name]) => !notPassedOn.has(name.toLowerCase())));
  const late = AbortSignal.timeout(mostMs);
  try {
    return await asOwnCall(depth, async () => {
      const sent: InjectOptions = {
        method,
        url: url.pathname + url.search,
        headers: { ...headers, host: new URL(base.config.url).host },
        ...(request.body && request.body.length > 0 && { payload: Buffer.from(request.body) }),
        remoteAddress: ip || '127.0.0.1',
        payloadAsStream: true,
        signal: AbortSignal.any([signal, late]),
      };
      const answered = await app.inject(sent);
      // What goes on for ever, such as a live page, ends with what is too much or too late.
      const body = await readWhole(answered.stream()).finally(() => answered.raw.res.destroy());
      return { status: answered.statusCode, headers: toPairs(answered.headers), body };
    });
  } catch (error) {
    if (late.aborted) throw new Problem('outgoing_failed', 'The server did not answer in time.', { reason: 'timeout' });
    throw error;
  }
}

const loops = 'Code that runs because other code has called this server does not call it.';

async function readWhole(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new Problem('outgoing_failed', 'The answer is too large.', { reason: 'too_large' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * The address, if it is this server's own: just its host and port, whatever the scheme, since nothing leaves. What only
 * looks like it (another name for this machine, a user in front of the host) is the outside.
 */
export function ownUrl({ config }: Pick<Base, 'config'>, address: string): URL | undefined {
  if (!URL.canParse(address)) return undefined;
  const [url, own] = [new URL(address), new URL(config.url)];
  const isHttp = url.protocol === 'https:' || url.protocol === 'http:';
  const isOwn = isHttp && url.username === '' && url.password === '' && sameHost(url, own);
  return isOwn ? url : undefined;
}

function sameHost(url: URL, own: URL): boolean {
  // `https://localhost:4000` is meant where a library puts https before `auth0.domain`.
  if (url.hostname !== own.hostname) return false;
  return url.port === own.port || (url.origin !== own.origin && portOf(url) === portOf(own));
}

function portOf({ port, protocol }: URL): string {
  return port === '' ? (protocol === 'https:' ? '443' : '80') : port;
}

function toPairs(headers: Readonly<Record<string, string | number | readonly string[] | undefined>>) {
  return Object.entries(headers).flatMap(([name, value]): [string, string][] => {
    if (value === undefined || typeof value === 'string' || typeof value === 'number') {
      return value === undefined ? [] : [[name, String(value)]];
    }
    return value.map((one) => [name, one]);
  });
}

function refusal(statusCode: number, error: string, message: string): CalledResponse {
  const headers = [['content-type', 'application/json; charset=utf-8']] as const;
  return { status: statusCode, headers, body: Buffer.from(JSON.stringify({ statusCode, error, message })) };
}
