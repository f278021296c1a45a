import { open, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Home, socketFolder } from './embedded-postgres-home.ts';
import { runProgram } from './embedded-postgres-program.ts';

// Everything acknowledged is on the disk; the log keeps neither statements nor values (they may be personal).
const settings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  max_connections: '100',
  shared_buffers: '128MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_timezone: 'UTC',
  timezone: 'UTC',
};
const recoverySeconds = '600';
const stopMs = 60_000;

/**
 * The port of the PostgreSQL that runs on this database, or undefined. `postmaster.pid` outlives a killed one, and
 * its number may since belong to any program: then the file is removed, as PostgreSQL itself would not dare to.
 */
export async function findRunning(home: Home): Promise<number | undefined> {
  const { cluster, sockets } = home;
  const { file, pid, port } = await readPidFile(home);
  if (!pid || !port || !isAlive(pid)) return undefined;
  if (!(await isAnother(pid, cluster))) return port;
  await rm(file, { force: true });
  if (sockets) await rm(join(sockets, `.s.PGSQL.${port}.lock`), { force: true });
  return undefined;
}

/**
 * Starts PostgreSQL and waits until it has recovered and takes connections. False when it did not start: another
 * server may have been faster, or the backends of a killed one are not yet gone.
 */
export async function startPostgres(home: Home, port: number, other: Record<string, string>): Promise<boolean> {
  // Told from its own data folder, as nothing with spaces gets through pg_ctl.
  const local = home.sockets === undefined ? {} : { unix_socket_directories: `../${socketFolder}` };
  const options = Object.entries({ ...settings, ...local, ...other }).map(([name, value]) => `-c ${name}=${value}`);
  const log = join(home.folder, 'log');
  const started = await runProgram(home, 'pg_ctl', [
    ...['start', '-w', '-t', recoverySeconds, '-D', home.cluster, '-l', log],
    ...['-o', `-p ${port} ${options.join(' ')}`],
  ]);
  return started.code === 0;
}

/**
 * Stops PostgreSQL cleanly, whoever is connected, and waits until it has. Not by pg_ctl's own waiting: that looks for
 * the end of `postmaster.pid`, which the next server may have written anew within a moment.
 */
export async function stopPostgres(home: Home): Promise<void> {
  const { pid } = await readPidFile(home);
  if (!pid || (await isGone(pid, home))) return;
  const told = await runProgram(home, 'pg_ctl', ['stop', '-m', 'fast', '-W', '-D', home.cluster]);
  const deadline = Date.now() + stopMs;
  while (!(await isGone(pid, home))) {
    if (Date.now() > deadline) throw new Error(`The embedded PostgreSQL did not stop:\n${told.output}`);
    await pause(20);
  }
}

/** The last lines that PostgreSQL wrote. */
export async function lastWords({ folder }: Home): Promise<string> {
  const text = await readFile(join(folder, 'log'), 'utf8');
  return text.trimEnd().split('\n').slice(-5).join('\n');
}

/** The log begins anew when it has grown past 10 MB. */
export async function trimLog({ folder }: Home): Promise<void> {
  const file = await open(join(folder, 'log'), 'r+');
  try {
    if ((await file.stat()).size > 10_000_000) await file.truncate();
  } finally {
    await file.close();
  }
}

/** The port of the last time if it is free, else another one, which is kept for the next time. */
export async function choosePort({ folder }: Home): Promise<number> {
  const file = join(folder, 'port');
  const last = Number(await readFile(file, 'utf8').catch(() => '0'));
  const port = (last && (await freePort(last))) || (await freePort(0));
  if (port === undefined) throw new Error('There is no free port on 127.0.0.1.');
  await writeFile(file, `${port}\n`);
  return port;
}

/** `port` (0: any) if one can listen on it, else undefined. */
async function freePort(port: number): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const server = createServer();
  server.once('error', () => resolve(undefined));
  server.listen(port, '127.0.0.1', () => {
    const address = server.address();
    server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
  });
  return promise;
}

async function readPidFile({
  cluster,
}: Home): Promise<{ file: string; pid?: number | undefined; port?: number | undefined }> {
  const file = join(cluster, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => '');
  const [pid, , , port] = text.split('\n').map(Number);
  return { file, pid, port };
}

async function isGone(pid: number, { cluster }: Home): Promise<boolean> {
  return !isAlive(pid) || isAnother(pid, cluster);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Is this process surely not PostgreSQL on `cluster`? (Which makes its own data folder its working folder.) */
async function isAnother(pid: number, cluster: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => '');
  return folder !== cluster;
}
