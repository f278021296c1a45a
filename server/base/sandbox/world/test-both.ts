// Runs the same script in plain Node and in the sandbox.
import { createServer, type RequestListener, type Server } from 'node:http';
import { createRequire } from 'node:module';
import { inspect } from 'node:util';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { pino } from 'pino';
import { createOutgoing } from '../../net.ts';
import { type CalledRequest, type CalledResponse, createHttpCall } from '../http-call.ts';
import { openSandbox, type Program, type Sandbox } from '../sandbox.ts';
import { worldFiles } from '../world.ts';
import { findPackage, readName, root } from './packages.ts';

const requireHere = createRequire(new URL('package.json', root));

/** `require` as rules have it, over the packages themselves. */
function plainRequire(name: string): unknown {
  const asked = readName(name);
  const found = requireHere('node:module').isBuiltin(name) ? undefined : asked && findPackage(asked);
  return requireHere(found ? `${found.folder}${asked?.path}` : name);
}

const AsyncFunction: FunctionConstructor = Object.getPrototypeOf(async () => {}).constructor;
const shown = { depth: 12, breakLength: 100, maxStringLength: 10_000, sorted: true };

/** The body of an async function, which finds `url` of the test's server, and whose result is compared. */
export type Script = string;

/** What a script comes to in plain Node: its result as `util.inspect` shows it, or what it threw. */
export async function inNode(script: Script, url: string): Promise<string> {
  try {
    return inspect(await new AsyncFunction('require', 'url', script)(plainRequire, url), shown);
  } catch (error) {
    return `thrown: ${inspect(describe(error), shown)}`;
  }
}

function describe(error: unknown): unknown {
  return error instanceof Error ? { ...error, name: error.name, message: error.message } : error;
}

/** A program that is one script. */
export async function programOf(script: Script, before = ''): Promise<Program> {
  const { files } = await worldFiles({ scripts: [script] });
  const main = `{
    const inside = globalThis.$inside;
    ${before}
    inside.takeOver();
    const shown = ${JSON.stringify(shown)};
    globalThis.main = async (input) => {
      const { inspect } = require('util');
      const describe = ${describe
        .toString()
        .replace(/(value|error): unknown/g, '$1')
        .replace('): unknown', ')')};
      try {
        return JSON.stringify(inspect(await (async (url) => {${script}\n})(JSON.parse(input).url), shown));
      } catch (error) {
        return JSON.stringify(\`thrown: \${inspect(describe(error), shown)}\`);
      }
    };
  }
  void 0;`;
  return { version: main, files: [...files, { name: 'script.js', source: main }] };
}

/** Runs a script; `own` answers its requests in place of the outside, `before` runs with `inside` in hand. */
type InSandbox = (
  script: Script,
  url: string,
  own?: (request: CalledRequest) => Promise<CalledResponse>,
  before?: string,
) => Promise<string>;

/** A sandbox whose code may call these hosts. */
export function openTest(hosts: () => string[]): { sandbox: Sandbox; inSandbox: InSandbox } {
  const sandbox = openSandbox({ log: pino({ level: 'silent' }) });
  const outgoing = createOutgoing({ ownHosts: async () => new Set(hosts()) });
  return {
    sandbox,
    async inSandbox(script, url, own, before) {
      const http = createHttpCall(own ? { outgoing, inProcess: own } : { outgoing });
      const ended = await sandbox.run({
        program: await programOf(script, before),
        input: { url },
        deadlineMs: 20_000,
        host: async (name, argument, call) => (name === 'http' ? http(argument, call) : null),
      });
      return 'output' in ended ? String(ended.output) : `failed: ${ended.failure.kind} ${ended.failure.message}`;
    },
  };
}

/** A server on 127.0.0.1. */
export async function listen(answer: RequestListener): Promise<{ url: string; host: string; server: Server }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, host: `127.0.0.1:${address.port}`, server };
}

const packers = new Map<string, (text: string) => Buffer>([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
  ['x-gzip', (text) => Buffer.from(text)],
]);

/** Answers with what came, but for what differs by who carries it. */
export const echo: RequestListener = (request, reply) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    body += chunk;
  });
  request.on('end', () => {
    const at = new URL(request.url ?? '/', 'http://x');
    const status = Number(at.searchParams.get('status') ?? 200);
    const {
      connection: _,
      host: __,
      'accept-encoding': ___,
      'transfer-encoding': ____,
      'content-length': _____,
      'idempotency-key': ______,
      ...headers
    } = request.headers;
    if (headers['user-agent'] === 'Regulars') delete headers['user-agent'];
    if (headers.accept === '*/*') delete headers.accept;
    const boundary = /boundary=(.+)/.exec(headers['content-type'] ?? '')?.[1];
    const plain = (text: string) => (boundary ? text.replaceAll(boundary, 'BOUNDARY') : text);
    const location = at.searchParams.get('location');
    reply.writeHead(status, {
      'content-type': 'application/json',
      'set-cookie': ['a=1', 'b=2; Path=/'],
      ...(location ? { location } : {}),
      ...(at.searchParams.has('packed') ? { 'content-encoding': String(at.searchParams.get('packed')) } : {}),
    });
    const text = plain(JSON.stringify({ method: request.method, url: request.url, headers, body }));
    // As a file that is stored compressed: whatever was asked for.
    const pack = packers.get(at.searchParams.get('packed') ?? '');
    reply.end(pack ? pack(text) : text);
  });
};
