import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { ConfigError } from './config.ts';
import {
  choosePort,
  findRunning,
  lastWords,
  startPostgres,
  stopPostgres,
  trimLog,
} from './embedded-postgres-control.ts';
import { type Home, openHome } from './embedded-postgres-home.ts';
import type { Logger } from './log.ts';

export type EmbeddedPostgres = {
  /** Connection string of our database in it; over its socket, if it has one. */
  readonly url: string;
  /** Where it lives. */
  readonly folder: string;
  /** Leaves it; the last server of this data folder that leaves stops it. Call after all connections are closed. */
  stop(): Promise<void>;
};

// Every server that uses the database holds this lock shared, on a connection of its own. Who gets it alone may stop
// PostgreSQL: nobody uses it, and who comes meanwhile waits for the lock, loses the connection and starts it anew.
const inUse = 4_711_001;
const mostFailures = 20;
const patienceMs = 600_000; // a long recovery is no failure
const database = 'regulars';

/**
 * Starts the PostgreSQL of `dataFolder`, made if it is not there, or joins the one that runs already: of another
 * server, or left behind by a killed one. Should it die while we use it, it is started again on the same port.
 *
 * @param settings PostgreSQL settings that replace ours (tests give up durability for speed)
 */
export async function startEmbeddedPostgres(
  dataFolder: string,
  log: Logger,
  settings: Record<string, string> = {},
): Promise<EmbeddedPostgres> {
  const home = await openHome(dataFolder);
  let held = await hold(home, settings);
  let stopping = false;
  let reviving: Promise<void> | undefined;

  function watch(): void {
    held.keeper.once('end', () => {
      if (!stopping) reviving = revive();
    });
  }
  async function revive(): Promise<void> {
    log.error('The embedded PostgreSQL stopped; starting it again.');
    while (!stopping) {
      try {
        held = await hold(home, settings, held.port);
        return watch();
      } catch (fault) {
        log.error({ err: fault }, 'The embedded PostgreSQL did not start.');
        await pause(1000);
      }
    }
  }

  async function leave(): Promise<void> {
    stopping = true;
    await reviving;
    const unused = await isUnused(held.keeper).catch(() => false); // no connection: it is down already
    if (unused) await stopPostgres(home);
    await held.keeper.end().catch(() => undefined);
  }

  await makeDatabase(held.keeper);
  watch();
  let left: Promise<void> | undefined;
  return {
    url: localUrlOf(home, held.port, database),
    folder: home.folder,
    stop() {
      left ??= leave();
      return left;
    },
  };
}

type Held = { readonly keeper: pg.Client; readonly port: number };

/** Starts PostgreSQL if it does not run, and takes the shared lock. */
async function hold(home: Home, settings: Record<string, string>, fixedPort?: number): Promise<Held> {
  const deadline = Date.now() + patienceMs;
  for (let failures = 0; Date.now() < deadline; ) {
    const port = await findRunning(home);
    if (port !== undefined) {
      const keeper = await keep(home, port);
      if (keeper) return { keeper, port };
    } else {
      await trimLog(home);
      if (await startPostgres(home, fixedPort ?? (await choosePort(home)), settings)) continue;
      failures += 1;
      if (failures > mostFailures) {
        throw new Error(`The embedded PostgreSQL in ${home.folder} does not start:\n${await lastWords(home)}`);
      }
    }
    await pause(100);
  }
  throw new Error(`The embedded PostgreSQL in ${home.folder} does not answer:\n${await lastWords(home)}`);
}

/** A connection that holds the shared lock; undefined while PostgreSQL starts, stops or recovers. */
async function keep(home: Home, port: number): Promise<pg.Client | undefined> {
  const client = new pg.Client({ connectionString: urlOf(home, port, 'postgres'), connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined); // 'end' follows
  try {
    await client.connect();
    // The password proves it as well (SCRAM proves both sides); this is for a folder that was copied while it ran.
    const shown = await client.query<{ data_directory: string }>('show data_directory');
    if (shown.rows[0]?.data_directory !== home.cluster) throw new ConfigError(notOurs(home, port));
    await client.query('select pg_advisory_lock_shared($1)', [inUse]);
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    if (error instanceof ConfigError) throw error;
    if (error instanceof pg.DatabaseError && error.code === '28P01') throw new ConfigError(notOurs(home, port));
    return undefined;
  }
}

async function isUnused(keeper: pg.Client): Promise<boolean> {
  await keeper.query('select pg_advisory_unlock_shared($1)', [inUse]);
  const tried = await keeper.query<{ alone: boolean }>('select pg_try_advisory_lock($1) as alone', [inUse]);
  return tried.rows[0]?.alone === true;
}

async function makeDatabase(keeper: pg.Client): Promise<void> {
  const found = await keeper.query('select 1 from pg_database where datname = $1', [database]);
  if (found.rowCount) return;
  try {
    await keeper.query(`create database ${database}`);
  } catch (error) {
    const taken = error instanceof pg.DatabaseError && /^(42P04|23505)$/.test(error.code ?? '');
    if (!taken) throw error; // else another server was faster
  }
}

function urlOf({ password }: Home, port: number, name: string): string {
  return `postgresql://regulars:${password}@127.0.0.1:${port}/${name}`;
}

/** Over the socket, which one that was started by an older version may not have. */
function localUrlOf(home: Home, port: number, name: string): string {
  const url = urlOf(home, port, name);
  const { sockets } = home;
  const isThere = sockets !== undefined && existsSync(join(sockets, `.s.PGSQL.${port}`));
  return isThere ? `${url}?host=${encodeURIComponent(sockets)}` : url;
}

function notOurs({ folder }: Home, port: number): string {
  return `REGULARS_DATA must be the folder of the database that runs on port ${port}, but ${folder} is not; stop that one first.`;
}
