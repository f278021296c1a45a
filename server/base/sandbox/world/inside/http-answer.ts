// The host call `http`: what is sent, what comes back, and Node's errors for what went wrong.
import { base64Read, base64Write } from './base64.ts';
import { callServer } from './host.ts';

/** A request as the server wants it. */
export type HttpRequest = {
  method: string;
  url: string;
  headers: readonly (readonly [name: string, value: string])[];
  body: Uint8Array;
  timeoutMs: number;
  /** The script that asked for it, if that is known. */
  owner: number | null;
};

/** An answer as it came. */
export type HttpAnswer = {
  status: number;
  statusText: string;
  headers: [name: string, value: string][];
  body: Uint8Array<ArrayBuffer>;
};

// Errors that Node tells of finding the name; all others are told of connecting.
const ofNames = new Set(['ENOTFOUND', 'EAI_AGAIN']);
const ofReading = new Set(['ECONNRESET', 'EPIPE']);

/** Makes the call. Rejects with an error as Node's sockets have it. */
export async function exchange({ method, url, headers, body, timeoutMs, owner }: HttpRequest): Promise<HttpAnswer> {
  const text = body.length > 0 ? base64Read(body, 0, body.length, false) : undefined;
  const answer = await callServer(
    'http',
    { method, url, headers, body: text, timeoutMs: timeoutMs || undefined },
    owner,
  );
  if (typeof answer !== 'object' || answer === null) throw new Error('no answer');
  if ('refused' in answer) throw networkError(answer.refused, new URL(url));
  return readAnswer(answer, new URL(url));
}

function readAnswer(answer: object, url: URL): HttpAnswer {
  const [status, statusText] = [
    'status' in answer ? Number(answer.status) : 0,
    'statusText' in answer ? String(answer.statusText) : '',
  ];
  // What says that another protocol follows, or an answer: none does, and whoever waits for one would wait for ever.
  if (status < 200) throw networkError({ code: 'ECONNRESET' }, url);
  const pairs: unknown[] = 'headers' in answer && Array.isArray(answer.headers) ? answer.headers : [];
  const headers: [string, string][] = [];
  for (const pair of pairs) if (Array.isArray(pair)) headers.push([String(pair[0]), String(pair[1])]);
  const text = 'body' in answer && typeof answer.body === 'string' ? answer.body : '';
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  const length = base64Write(text, bytes, 0, bytes.length);
  return { status, statusText, headers, body: bytes.slice(0, length) };
}

function networkError(refused: unknown, url: URL): Error {
  const told = typeof refused === 'object' && refused !== null ? refused : {};
  const code = 'code' in told ? String(told.code) : 'ECONNRESET';
  const message = 'message' in told ? String(told.message) : '';
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (ofNames.has(code)) {
    return Object.assign(new Error(`getaddrinfo ${code} ${host}`), { code, syscall: 'getaddrinfo', hostname: host });
  }
  if (ofReading.has(code))
    return Object.assign(new Error(code === 'EPIPE' ? 'write EPIPE' : 'socket hang up'), { code });
  const text = /^E(CONN|TIMEDOUT|HOST|NET)/.test(code) ? `connect ${code} ${host}:${port}` : message;
  return Object.assign(new Error(text), { code, syscall: 'connect', address: host, port });
}
