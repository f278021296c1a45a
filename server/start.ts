import type { FastifyInstance } from 'fastify';
import type { Base } from './base/base.ts';
import { type Config, ConfigError } from './base/config.ts';
import { openGround } from './base/ground.ts';
import type { Logger } from './base/log.ts';
import { serveMetrics } from './base/metrics.ts';
import { buildServer } from './server.ts';
import { startWorker } from './worker.ts';

export type RunningServer = {
  readonly base: Base;
  readonly app: FastifyInstance;
  /**
   * Takes no more requests, finishes those in flight and the jobs that run (10 s at most each), and leaves the
   * database; the embedded one is stopped if no other server uses it.
   */
  stop(): Promise<void>;
};

const patienceMs = 10_000;

/**
 * Starts everything: database, base, surfaces, jobs, and last the port.
 *
 * @throws ConfigError when a setting cannot be used; then nothing is left running
 */
export async function startServer(
  config: Config,
  log: Logger,
  options: { consoleAtStart?: boolean; portSetting?: string } = {},
): Promise<RunningServer> {
  await using opened = new AsyncDisposableStack();
  const ground = await openGround(config, log);
  opened.defer(() => ground.close());
  const { base, directUrl } = ground;
  const app = await buildServer(base, options);
  const worker = await startWorker(base, directUrl);
  opened.defer(() => worker.stop(patienceMs));
  const { host, port, metricsPort } = config;
  if (metricsPort !== undefined) {
    const metrics = await serveMetrics(base, host, metricsPort).catch(refused('METRICS_PORT', metricsPort));
    opened.defer(() => metrics.close());
  }
  opened.defer(() => finishRequests(app));
  const { level } = log;
  app.log.level = 'warn'; // Fastify would tell every address of this machine; one line is enough
  await app.listen({ host, port }).catch(refused(options.portSetting ?? 'PORT', port));
  app.log.level = level;
  log.info(`Regulars is at ${config.url}`);

  const closing = opened.move();
  let stopped: Promise<void> | undefined;
  return {
    base,
    app,
    stop() {
      stopped ??= closing.disposeAsync();
      return stopped;
    },
  };
}

/** Fastify waits for requests in flight; what is not answered in time is cut off. */
async function finishRequests(app: FastifyInstance): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), patienceMs);
  try {
    await app.close();
  } finally {
    clearTimeout(timer);
  }
}

function refused(variable: string, port: number): (error: unknown) => never {
  return (error) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') throw new ConfigError(`${variable} must be a free port, but ${port} is in use.`);
    if (code === 'EACCES') throw new ConfigError(`${variable} must be a port that we may open, but ${port} is not.`);
    throw error;
  };
}
