// What Node's own `fetch` sends its requests through: the host call instead of connections.
import { bufferOf, bytesOf, joined } from './buffers.ts';
import { after, whenDone } from './event-loop.ts';
import { host } from './host.ts';
import { exchange, type HttpAnswer } from './http-answer.ts';

type Options = { origin: string | URL; path: string; method: string; headers: unknown; body: unknown };

type Handler = {
  onConnect?(abort: (reason?: unknown) => void): void;
  onHeaders?(status: number, headers: unknown[], resume: () => void, statusText: string): boolean;
  onData?(chunk: unknown): boolean;
  onComplete?(trailers: unknown[]): void;
  onError?(error: unknown): void;
};

const ofTheConnection = new Set(['connection', 'content-length', 'transfer-encoding', 'host', 'keep-alive', 'expect']);

function pairsOf(headers: unknown): [string, string][] {
  const entries = Array.isArray(headers) ? headers : Object.entries(Object(headers));
  const pairs: [string, string][] = [];
  for (const entry of entries) {
    if (!Array.isArray(entry) || ofTheConnection.has(String(entry[0]).toLowerCase())) continue;
    pairs.push([String(entry[0]), String(entry[1])]);
  }
  return pairs;
}

async function bodyOf(body: unknown): Promise<Uint8Array> {
  if (body === null || body === undefined) return new Uint8Array();
  if (typeof body === 'string' || ArrayBuffer.isView(body) || body instanceof ArrayBuffer) return bytesOf(body);
  const pieces: Uint8Array[] = [];
  if (isStream(body)) for await (const chunk of body) pieces.push(bytesOf(chunk).slice());
  return joined(pieces);
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

async function send({ origin, path, method, headers, body }: Options, owner: number | null): Promise<HttpAnswer> {
  const url = new URL(path, origin).href;
  return exchange({ method, url, headers: pairsOf(headers), body: await bodyOf(body), timeoutMs: 0, owner });
}

const latin1 = (text: string) => bufferOf(bytesOf(text, 'latin1'));

function dispatch(options: Options, handler: Handler, owner: number | null): boolean {
  let over = false;
  const fail = (error: unknown) => {
    if (over) return;
    over = true;
    handler.onError?.(error);
  };
  // As Node's own connections do: what the handler makes nothing of is what `fetch` rejects with.
  const tell = (act: () => void) => {
    try {
      act();
    } catch (error) {
      handler.onError?.(error);
    }
  };
  handler.onConnect?.((reason) => fail(reason ?? new Error('aborted')));
  if (over) return true;
  whenDone(
    send(options, owner),
    ({ status, statusText, headers, body }) => {
      if (over) return;
      over = true;
      const finish = () => {
        if (body.length > 0) handler.onData?.(bufferOf(body));
        handler.onComplete?.([]);
      };
      tell(() => {
        handler.onHeaders?.(status, headers.flat().map(latin1), () => {}, statusText);
        // What cannot be unpacked fails at once, and `fetch` listens for that in the next turn only.
        if (headers.some(([name]) => name.toLowerCase() === 'content-encoding')) after(0, () => tell(finish));
        else finish();
      });
    },
    fail,
  );
  return true;
}

const dispatcherOf = (owner: number | null) => ({
  dispatch: (options: Options, handler: Handler) => dispatch(options, handler, owner),
  close: async () => {},
  destroy: async () => {},
});
// It is asked for when `fetch` is called, and used later, when another script may go on.
const get = () => dispatcherOf(host.owner());

/** Puts it where Node's `fetch` looks for it. */
export function takeFetch(): void {
  for (const name of ['undici.globalDispatcher.1', 'undici.globalDispatcher.2']) {
    Object.defineProperty(globalThis, Symbol.for(name), { get, configurable: false });
  }
}
