import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import {
  Logger as JobLogger,
  parseCronItems,
  type RunnerOptions,
  run,
  type WorkerEvents,
  type WorkerPool,
} from 'graphile-worker';
import { sql } from 'kysely';
import type { Base } from './base.ts';
import { now } from './clock.ts';
import { type Db, openQueuePool } from './db.ts';
import { holdJobs } from './job-runners.ts';
import type { Json, JsonObject } from './json.ts';
import { jobsDone } from './metrics.ts';

/** Work done later, at least once: it may be repeated after a crash, so it looks at the data first. */
export type Job = (base: Base, payload: Json) => Promise<void>;

/** A job started by the clock: `pattern` is a crontab line's five fields, in UTC. */
export type Cron = { readonly job: string; readonly pattern: string };

export type JobOptions = {
  /** Not before this instant. */
  runAt?: Date;
  /** A waiting job of the same key is replaced instead of doubled. */
  key?: string;
  /** Tries before it is given up; 25 (about three days) when not said. */
  maxAttempts?: number;
};

/** Queues a job in the caller's transaction: it exists exactly if that commits. */
export async function addJob(db: Db, name: string, payload: JsonObject, options: JobOptions = {}): Promise<void> {
  const { runAt = null, key = null, maxAttempts = null } = options;
  await sql`select from graphile_worker.add_job(
    ${name}, payload => ${JSON.stringify(payload)}::json, run_at => ${runAt}::timestamptz,
    job_key => ${key}::text, max_attempts => ${maxAttempts}::integer)`.execute(db);
}

/** When the waiting job of this key is to run; undefined: there is none. */
export async function jobAt(db: Db, key: string): Promise<Date | undefined> {
  const found = await sql<{ run_at: Date }>`select run_at from graphile_worker.jobs where key = ${key}`.execute(db);
  return found.rows[0]?.run_at;
}

const givenUpKeptMs = 24 * 3_600_000;

/** Deletes jobs that were given up a day ago: what they are about may have been erased since, and they would name it. */
export async function cleanJobs(db: Db): Promise<void> {
  const before = new Date(now().getTime() - givenUpKeptMs);
  await sql`select from graphile_worker.complete_jobs(array(
    select id from graphile_worker.jobs
    where attempts >= max_attempts and locked_at is null and updated_at < ${before}
  ))`.execute(db);
}

export type RunningJobs = {
  /** Takes no more jobs and waits for those that run, `patienceMs` at most; the rest will be run by another server. */
  stop(patienceMs: number): Promise<void>;
};

// In a row and all workers together; they ask every 2 s.
const mostFailures = 9;

/**
 * Runs jobs inside this process until `stop`. Any number of servers share the work; each cron runs once for all.
 *
 * @param directUrl unpooled address of the database: workers LISTEN and hold locks
 */
export async function runJobs(
  base: Base,
  directUrl: string,
  jobs: Readonly<Record<string, Job>>,
  crons: readonly Cron[],
): Promise<RunningJobs> {
  const pgPool = openQueuePool(directUrl, 4);
  let stopping = false;
  const events: WorkerEvents = new EventEmitter();
  let workers: WorkerPool | undefined;
  let failures = 0;
  events.on('pool:create', ({ workerPool }) => {
    workers = workerPool;
    failures = 0;
  });
  // A runner whose first query failed remembers that failure for ever: one that only fails is replaced.
  events.on('worker:getJob:empty', () => {
    failures = 0;
  });
  events.on('job:start', () => {
    failures = 0;
  });
  events.on('worker:getJob:error', () => {
    failures += 1;
    if (failures === mostFailures && !stopping) runner.stop('The queue cannot be read.').catch(() => undefined);
  });
  const options: RunnerOptions = {
    pgPool,
    events,
    concurrency: 3,
    noHandleSignals: true,
    // Without a batch, however small, it does not wait for its own "done" when it stops, and an error there is nobody's.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    logger: new JobLogger(() => (level, message) => {
      if (level === 'error') base.log.error(message);
      else if (level === 'warning') base.log.warn(message);
    }),
    taskList: Object.fromEntries(
      Object.entries(jobs).map(([name, job]) => [
        name,
        (payload: unknown) => counted(name, job(base, toJson(payload))),
      ]),
    ),
    parsedCronItems: parseCronItems(
      crons.map(({ job, pattern }) => ({ task: job, match: pattern, identifier: job, options: { backfillPeriod: 0 } })),
    ),
  };
  const held = await holdJobs(directUrl, base.log);
  let runner = await run(options);
  follow();

  // It ends by itself when the database was away for too long.
  function follow(): void {
    runner.promise.catch((fault) => base.log.error({ err: fault }, 'Jobs stopped.')).then(again);
  }
  async function again(): Promise<void> {
    for (let wait = 500; !stopping; wait = Math.min(2 * wait, 10_000)) {
      await pause(wait);
      try {
        runner = await run(options);
        if (stopping) return await runner.stop();
        return follow();
      } catch (fault) {
        base.log.error({ err: fault }, 'Jobs did not start.');
      }
    }
  }

  // Gives the jobs that run back to the queue; runner.kill() would do nothing, as the runner stops already.
  function cutOff(): void {
    Promise.resolve(workers?.forcefulShutdown('The server stops.')).catch(() => undefined);
  }

  return {
    async stop(patienceMs) {
      stopping = true;
      const timer = setTimeout(cutOff, patienceMs);
      await runner.stop().catch(() => undefined); // it may have stopped by itself, or was cut off
      clearTimeout(timer);
      await held.letGo();
      pgPool.end().catch(() => undefined); // a job that was cut off keeps its connection until it ends
    },
  };
}

async function counted(job: string, work: Promise<void>): Promise<void> {
  try {
    await work;
    jobsDone.inc({ job, outcome: 'done' });
  } catch (error) {
    jobsDone.inc({ job, outcome: 'failed' });
    throw error;
  }
}

/** Payloads are JSON by construction: they came out of a json column. */
function toJson(payload: unknown): Json {
  return JSON.parse(JSON.stringify(payload ?? null));
}
