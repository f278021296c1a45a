// Reads the requests that Node's HTTP client writes.

import { unitsRead } from './utf8.ts';

/** What Node's client says of the place it connects to. */
export type ConnectOptions = {
  host?: string;
  hostname?: string;
  port?: number | string;
  timeout?: number;
  socketPath?: string;
  path?: string;
};

/** A whole request. */
export type ReadRequest = {
  method: string;
  target: string;
  headers: [name: string, value: string][];
  body: Uint8Array;
};

// What speaks of the connection is the server's, who opens it.
const ofTheConnection = new Set([
  'connection',
  'content-length',
  'transfer-encoding',
  'host',
  'keep-alive',
  'expect',
  'te',
]);

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function endOfHead(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(13); at >= 0; at = bytes.indexOf(13, at + 1)) {
    if (bytes[at + 1] === 10 && bytes[at + 2] === 13 && bytes[at + 3] === 10) return at;
  }
  return -1;
}

function readHead(text: string): ReadRequest & { length: number; chunked: boolean } {
  const [first = '', ...lines] = text.split('\r\n');
  const [method = 'GET', target = '/'] = first.split(' ');
  const headers: [string, string][] = [];
  let [length, chunked] = [0, false];
  for (const line of lines) {
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, colon), line.slice(colon + 1).trim()];
    const lower = name.toLowerCase();
    if (lower === 'content-length') length = Number(value);
    if (lower === 'transfer-encoding') chunked = /chunked/i.test(value);
    if (!ofTheConnection.has(lower)) headers.push([name, value]);
  }
  return { method, target, headers, length, chunked, body: new Uint8Array() };
}

/** The body of chunks, if its end has come. */
function readChunks(bytes: Uint8Array): Uint8Array | undefined {
  let body: Uint8Array = new Uint8Array();
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(13, at);
    if (end < 0) return undefined;
    const size = Number.parseInt(unitsRead(bytes, at, end, 1, 0x7f), 16);
    if (!size) return body;
    if (end + 2 + size + 2 > bytes.length) return undefined;
    body = joined(body, bytes.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  return undefined;
}

/** A function that is given what is written, piece by piece, and answers a request when it is whole. */
export function createRequestReader(): (chunk: Uint8Array) => ReadRequest | undefined {
  let held: Uint8Array = new Uint8Array();
  return (chunk) => {
    held = joined(held, chunk);
    const end = endOfHead(held);
    if (end < 0) return undefined;
    const { length, chunked, ...request } = readHead(unitsRead(held, 0, end, 1, 0xff));
    const rest = held.subarray(end + 4);
    const body = chunked ? readChunks(rest) : rest.length >= length ? rest.subarray(0, length) : undefined;
    if (!body) return undefined;
    held = new Uint8Array();
    return { ...request, body };
  };
}

/** The address that a request is for. */
export function addressOf(place: ConnectOptions, encrypted: boolean, target: string): string {
  if (/^https?:\/\//i.test(target)) return target;
  const host = place.host ?? place.hostname ?? 'localhost';
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  const usual = encrypted ? 443 : 80;
  const port = Number(place.port) || usual;
  return `${encrypted ? 'https' : 'http'}://${name}${port === usual ? '' : `:${port}`}${target}`;
}
