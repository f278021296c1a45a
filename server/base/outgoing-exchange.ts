import type { LookupAddress } from 'node:dns';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { Problem } from './errors.ts';

/** Why an allowed request brought no answer. */
export type OutgoingReason = 'timeout' | 'too_large' | 'encoding' | 'connection' | 'redirects';

/** One request to one checked place. */
export type Exchange = {
  url: URL;
  /** Connects to these and to nothing else, whatever the name resolves to meanwhile. */
  addresses: readonly LookupAddress[];
  method: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer | undefined;
  /** Ends everything: connecting, waiting, reading. */
  signal: AbortSignal;
  maxBytes: number;
  /** Is a compressed answer read as it came? Its reader bounds what it becomes. */
  takesPacked: boolean;
};

/**
 * The expected error of a request that was allowed and went wrong. It tells a reason, never what was sent or read; the
 * fault behind it is its `cause`.
 */
export function outgoingFailure(reason: OutgoingReason, cause?: unknown): Problem {
  const problem = new Problem('outgoing_failed', undefined, { reason });
  if (cause !== undefined) problem.cause = cause;
  return problem;
}

/**
 * Sends one HTTP request on a connection of its own and reads the whole answer.
 *
 * @throws Problem `outgoing_failed`
 */
export async function exchange(one: Exchange): Promise<Response> {
  try {
    const incoming = await open(one);
    return toResponse(incoming, await readBody(incoming, one));
  } catch (error) {
    if (one.signal.aborted) throw outgoingFailure('timeout');
    throw error instanceof Problem ? error : outgoingFailure('connection', error);
  }
}

function open({ url, addresses, method, headers, body, signal }: Exchange): Promise<IncomingMessage> {
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, signal, agent: false, lookup: pin(addresses) }, resolve);
    sent.on('error', reject);
    // It answers with another protocol, which nobody asked for: Node tells nobody, and we would wait for the time to be up.
    sent.on('upgrade', (_, socket) => {
      socket.destroy();
      reject(new Error('bad upgrade'));
    });
    sent.end(body);
  });
}

function pin(addresses: readonly LookupAddress[]): LookupFunction {
  return (_hostname, options, callback) => {
    const [first] = addresses;
    if (!first) callback(new Error('no address'), '', 4);
    else if (options.all) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };
}

async function readBody(
  incoming: IncomingMessage,
  { maxBytes, takesPacked }: Pick<Exchange, 'maxBytes' | 'takesPacked'>,
): Promise<Buffer> {
  const encoding = incoming.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity' && !takesPacked) {
    incoming.destroy();
    throw outgoingFailure('encoding'); // we asked for none, and a compressed body has no honest size
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > maxBytes) throw outgoingFailure('too_large'); // leaving the loop closes the connection
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function toResponse(incoming: IncomingMessage, bytes: Buffer): Response {
  const headers = new Headers();
  for (let index = 0; index + 1 < incoming.rawHeaders.length; index += 2) {
    headers.append(incoming.rawHeaders[index] ?? '', incoming.rawHeaders[index + 1] ?? '');
  }
  const status = incoming.statusCode ?? 0;
  const empty = status === 204 || status === 205 || status === 304;
  const statusText = /^[\t\x20-\x7e\x80-\xff]*$/.test(incoming.statusMessage ?? '')
    ? (incoming.statusMessage ?? '')
    : '';
  // Some servers answer with a status that HTTP does not know (999), and a Response takes none such.
  const isKnown = status <= 599;
  const body = empty ? null : new Uint8Array(bytes);
  const response = new Response(body, { status: isKnown ? status : 599, statusText, headers });
  return isKnown ? response : Object.defineProperty(response, 'status', { value: status });
}
