import { z } from 'zod';
import { isProblem } from '../errors.ts';
import type { Outgoing } from '../net.ts';
import type { HostCall } from './sandbox.ts';

/** A request that code in the sandbox makes. */
export type CalledRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array | undefined;
};

/** What it gets. */
export type CalledResponse = {
  readonly status: number;
  readonly statusText?: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
};

const mostBytes = 5_000_000;
const mostMs = 10_000;
// The code's own clock is to say first that it is too late, with the error of its library; ours ends what it left.
const graceMs = 1000;
// Of one run: an answer is in memory several times over before it is where it goes.
const mostAtOnce = 8;
const mostBytesOfRun = 50_000_000;

const request = z.object({
  method: z.string().regex(/^[A-Za-z-]{1,20}$/),
  url: z.string().max(8192),
  headers: z.array(z.tuple([z.string(), z.string()])).max(100),
  body: z.string().optional(),
  timeoutMs: z.number().positive().optional(),
});

// What speaks of the connection is `base/net`'s, which asks for nothing compressed: that has no honest size. Files that are
// stored compressed come so all the same, and are unpacked by the code's library, as in Node, within the run's memory.
const notPassedOn = new Set([
  ...['accept-encoding', 'connection', 'content-length', 'expect', 'host', 'keep-alive', 'proxy-authorization'],
  ...['proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
]);

const sentences: Record<string, string> = {
  too_large: `The answer has more than ${mostBytes} bytes, which code of rules and actions cannot read.`,
};

/**
 * The server's side of HTTP from inside: the host call `http`. Redirects are handed back as they are, and each is a call
 * of its own. An answer has 5 MB and 10 s at most; of one run, for which this is made, 8 requests are under way at once
 * and the others wait, and its answers have 50 MB together.
 *
 * It never throws for what the code does: `{ refused: { code, message } }` with Node's code for what went wrong, and
 * `EREGULARS_REFUSED` for an address that may not be called.
 *
 * A POST or PATCH that says no `Idempotency-Key` of its own goes out with the call's, which no other call has: whoever
 * gets it twice, from whatever stands in between, can tell.
 *
 * @param inProcess answers for addresses that are Regulars' own, and nothing for all others
 */
export function createHttpCall({
  outgoing,
  inProcess,
}: {
  outgoing: Outgoing;
  inProcess?: (request: CalledRequest, signal: AbortSignal) => Promise<CalledResponse | undefined>;
}): (argument: unknown, call: Pick<Parameters<HostCall>[2], 'signal'> & { readonly key?: string }) => Promise<unknown> {
  const waiting: (() => void)[] = [];
  let [underWay, bytes] = [0, 0];

  async function inTurn<T>(act: () => Promise<T>): Promise<T> {
    if (underWay >= mostAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else underWay += 1;
    try {
      return await act();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else underWay -= 1;
    }
  }

  return async (argument, { signal, key }) => {
    const read = request.safeParse(argument);
    if (!read.success) return refused('EREGULARS_REFUSED', 'This request is not one that can be sent.');
    const { method, url, headers, body, timeoutMs = mostMs } = read.data;
    const passed = headers.filter(([name]) => !notPassedOn.has(name.toLowerCase()));
    const called = { method, url, headers: passed, body: body === undefined ? undefined : Buffer.from(body, 'base64') };
    try {
      const response = await inTurn(async () => {
        signal.throwIfAborted();
        return (await inProcess?.(called, signal)) ?? (await send(outgoing, withKey(called, key), timeoutMs, signal));
      });
      bytes += response.body.length;
      if (bytes > mostBytesOfRun) {
        return refused('EREGULARS_REFUSED', `The answers of one run have ${mostBytesOfRun} bytes at most.`);
      }
      return {
        status: response.status,
        statusText: response.statusText ?? '',
        headers: response.headers,
        body: Buffer.from(response.body).toString('base64'),
        url,
      };
    } catch (error) {
      return refusalOf(error, url);
    }
  };
}

function withKey(called: CalledRequest, key: string | undefined): CalledRequest {
  const { method, headers } = called;
  const changes = ['POST', 'PATCH'].includes(method.toUpperCase());
  if (!changes || key === undefined || headers.some(([name]) => name.toLowerCase() === 'idempotency-key'))
    return called;
  return { ...called, headers: [...headers, ['idempotency-key', key]] };
}

async function send(
  outgoing: Outgoing,
  { method, url, headers, body }: CalledRequest,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<CalledResponse> {
  const joined = new Map<string, string>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    const before = joined.get(key);
    joined.set(key, before === undefined ? value : `${before}${key === 'cookie' ? '; ' : ', '}${value}`);
  }
  const init = {
    method,
    headers: Object.fromEntries(joined),
    body: body && body.length > 0 ? body : undefined,
    signal,
  };
  const limits = { timeoutMs: Math.min(timeoutMs + graceMs, mostMs), maxBytes: mostBytes, takesPacked: true };
  const response = await outgoing.fetch(url, init, limits);
  return {
    status: response.status,
    statusText: response.statusText,
    headers: [...response.headers],
    body: new Uint8Array(await response.arrayBuffer()),
  };
}

function refused(code: string, message: string) {
  return { refused: { code, message } };
}

function refusalOf(error: unknown, url: string) {
  if (isProblem(error, 'outgoing_refused')) {
    return refused(
      'EREGULARS_REFUSED',
      `${shown(url)} may not be called from here. An administrator allows hosts of the umbrella's own (outgoing_hosts).`,
    );
  }
  const reason = isProblem(error, 'outgoing_failed') ? String(error.extra.reason) : '';
  const sentence = sentences[reason];
  if (sentence !== undefined) return refused('EREGULARS_FAILED', sentence);
  if (reason === 'timeout') return refused('ETIMEDOUT', 'The other server did not answer in time.');
  const cause: { code?: unknown; message?: unknown } = error instanceof Error ? Object(error.cause) : {};
  const code = typeof cause.code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(cause.code) ? cause.code : 'ECONNRESET';
  return refused(
    code,
    typeof cause.message === 'string' ? cause.message : 'The other server did not answer as it should.',
  );
}

function shown(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : 'This address';
}
