import { createServer } from 'node:http';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Base } from './base.ts';

/** What every part of this process counts. A part registers its own counters here (`registers: [registry]`). */
export const registry = new Registry();

/** Time from the arrival of a request to its last byte. `route` is the pattern, never the address itself. */
export const requestSeconds = new Histogram({
  name: 'regulars_request_seconds',
  help: 'Duration of requests in seconds',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers: [registry],
});

/** Background jobs by name and whether they succeeded. */
export const jobsDone = new Counter({
  name: 'regulars_jobs_total',
  help: 'Background jobs that ended',
  labelNames: ['job', 'outcome'],
  registers: [registry],
});

export type MetricsServer = { readonly port: number; close(): Promise<void> };

/** Serves `/metrics` in Prometheus' text format on a port of its own, which is not meant for the public. */
export async function serveMetrics(base: Base, host: string, port: number): Promise<MetricsServer> {
  const all = Registry.merge([registry, measure(base)]);
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end('Only /metrics is here.\n');
      return;
    }
    all.metrics().then(
      (text) => response.writeHead(200, { 'content-type': all.contentType }).end(text),
      (fault) => {
        base.log.error({ err: fault }, 'metrics not read');
        response.writeHead(500).end();
      },
    );
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, resolve);
  await promise;
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Gauges that are read when someone asks: the process, the pool, the queue of password hashes. */
function measure({ pool, hasher, sandbox }: Base): Registry {
  const own = new Registry();
  const registers = [own];
  collectDefaultMetrics({ register: own });
  new Gauge({
    name: 'regulars_database_connections',
    help: 'Connections of the pool, and callers that wait for one',
    labelNames: ['state'],
    registers,
    collect() {
      this.set({ state: 'used' }, pool.totalCount - pool.idleCount);
      this.set({ state: 'idle' }, pool.idleCount);
      this.set({ state: 'waiting' }, pool.waitingCount);
    },
  });
  new Gauge({
    name: 'regulars_password_hashes',
    help: 'Password hashes that are being computed, and that wait',
    labelNames: ['state'],
    registers,
    collect() {
      const { running, waiting } = hasher.work();
      this.set({ state: 'running' }, running);
      this.set({ state: 'waiting' }, waiting);
    },
  });
  new Gauge({
    name: 'regulars_sandbox_runs',
    help: "Runs of the umbrella's own code that go on, and that wait for a place",
    labelNames: ['state'],
    registers,
    collect() {
      const { running, waiting } = sandbox.work();
      this.set({ state: 'running' }, running);
      this.set({ state: 'waiting' }, waiting);
    },
  });
  new Gauge({
    name: 'regulars_sandbox_processes',
    help: "Processes for the umbrella's own code",
    registers,
    collect() {
      this.set(sandbox.work().processes.length);
    },
  });
  new Gauge({
    name: 'regulars_sandbox_memory_bytes',
    help: 'What these processes take together',
    registers,
    collect() {
      this.set(sandbox.work().memory);
    },
  });
  return own;
}
