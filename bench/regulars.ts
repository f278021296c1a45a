import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Gauges, gauges } from './gauges.ts';
import { Caller } from './load.ts';

/** The server under measurement: a process of its own with its own embedded PostgreSQL in a temporary folder. */
export type Regulars = Gauges & {
  readonly url: string;
  readonly callbacks: string;
  readonly web: { readonly id: string; readonly secret: string };
  readonly machine: { readonly id: string; readonly secret: string };
  readonly api: string;
  readonly customers: readonly { readonly email: string; readonly password: string }[];
  readonly databaseUrl: string;
  /** Seconds from the start of the process until it answered. */
  readonly startSeconds: number;
  /** One call of the Management API; throws when it is refused. */
  manage(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
};

const root = new URL('../', import.meta.url);
// As `npm start` has it: V8 collects young garbage sooner, which keeps 60 MB free and costs nothing that was seen.
const asStarted = ['--max-semi-space-size=8'];

/**
 * Starts the server and makes a brand, a portal, an API, a machine and `customers` customers with passwords.
 *
 * @param nodeOptions e.g. `--cpu-prof`
 * @param variables of the environment, besides
 */
export async function startRegulars(
  customers: number,
  nodeOptions: readonly string[] = [],
  variables: Readonly<Record<string, string>> = {},
): Promise<Regulars> {
  const data = await mkdtemp(join(tmpdir(), 'regulars-bench-'));
  await chmod(data, 0o711); // when root measures, another user runs PostgreSQL
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const machine = { id: 'bench-machine', secret: randomBytes(24).toString('hex') };
  const began = performance.now();
  const child = spawn(process.execPath, [...asStarted, ...nodeOptions, 'server/cli.ts', 'start'], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: String(port),
      REGULARS_DATA: data,
      REGULARS_MANAGEMENT_CLIENT_ID: machine.id,
      REGULARS_MANAGEMENT_CLIENT_SECRET: machine.secret,
      ...variables,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await rm(data, { recursive: true, force: true });
  };
  try {
    const startSeconds = await waitUntilReady(url, child, began);
    const databaseUrl = await databaseOf(data);
    return {
      ...(await setUp(url, machine, customers)),
      startSeconds,
      machine,
      databaseUrl,
      ...gauges(child, data),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function waitUntilReady(url: string, child: ChildProcess, began: number): Promise<number> {
  while (performance.now() - began < 60_000) {
    if (child.exitCode !== null) throw new Error('the server ended before it was ready');
    const ready = await fetch(`${url}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return (performance.now() - began) / 1000;
    await sleep(50);
  }
  throw new Error('the server was not ready within a minute');
}

/** The embedded database, as a tool beside the server reaches it. */
async function databaseOf(data: string): Promise<string> {
  const folder = join(data, 'postgres');
  const [port, password] = await Promise.all(['port', 'password'].map((name) => readFile(join(folder, name), 'utf8')));
  return `postgresql://regulars:${password?.trim()}@127.0.0.1:${port?.trim()}/regulars`;
}

type Made = Pick<Regulars, 'url' | 'callbacks' | 'web' | 'api' | 'customers' | 'manage'>;

async function setUp(url: string, machine: Regulars['machine'], customers: number): Promise<Made> {
  const token = await managementToken(url, machine);
  async function manage(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const answer = await fetch(`${url}/api/v2/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.status === 429) {
      await sleep(1000);
      return manage(method, path, body);
    }
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? {} : record(await answer.json());
  }

  const callbacks = 'http://localhost:9999/callback';
  const api = 'https://bench.example/api';
  await manage('POST', 'brands', { slug: 'bench', name: 'Bench' });
  const portal = await manage('POST', 'clients', {
    name: 'Bench shop',
    app_type: 'regular_web',
    callbacks: [callbacks],
    grant_types: ['authorization_code', 'refresh_token'],
    refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring' },
  });
  const web = { id: String(portal.client_id), secret: String(portal.client_secret) };
  await manage('POST', 'resource-servers', {
    identifier: api,
    name: 'Bench API',
    scopes: [{ value: 'read:things', description: 'Read things' }],
  });
  await manage('POST', 'client-grants', { client_id: machine.id, audience: api, scope: ['read:things'] });
  const connection = 'Username-Password-Authentication';
  await manage('POST', 'connections', { name: connection, strategy: 'auth0', enabled_clients: [web.id] });
  const people = Array.from({ length: customers }, (_, i) => ({
    email: `customer-${i}@example.com`,
    password: `Password of customer ${i}`,
  }));
  for (const person of people) await manage('POST', 'users', { connection, email_verified: true, ...person });
  return { url, callbacks, web, api, customers: people, manage };
}

async function managementToken(url: string, machine: Regulars['machine']): Promise<string> {
  const caller = new Caller(url, 1);
  const answer = await caller.send('/oauth/token', {
    method: 'POST',
    form: {
      grant_type: 'client_credentials',
      client_id: machine.id,
      client_secret: machine.secret,
      audience: `${url}/api/v2/`,
    },
  });
  caller.close();
  if (answer.status !== 200) throw new Error(`no token: ${answer.status} ${answer.body}`);
  return String(record(JSON.parse(answer.body)).access_token);
}

/** A JSON object, or an error. */
export function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('not a JSON object');
  return { ...value };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
