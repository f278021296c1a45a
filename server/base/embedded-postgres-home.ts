import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from './config.ts';
import { findPackage, installBinaries, type Package } from './embedded-postgres-binaries.ts';
import { closedFolder, isRoot, type Owner, ownerForNew, ownerOf } from './embedded-postgres-owner.ts';
import { runProgram } from './embedded-postgres-program.ts';
import { secretToken } from './ids.ts';

/** Where an embedded database lives: all of it below one folder. */
export type Home = {
  readonly folder: string;
  /** PostgreSQL's own data folder. */
  readonly cluster: string;
  /** Folder with `bin`, `lib` and `share` of this program's version. */
  readonly binaries: string;
  readonly password: string;
  readonly owner: Owner;
  /** Folder of its sockets, where we may use them: a query over one costs less than over TCP. */
  readonly sockets: string | undefined;
};

/** Name of the folder of sockets, beside the cluster. */
export const socketFolder = 'sockets';

// The shortest that a system allows an address of a socket to be is 104 bytes with its end (macOS).
const longestSocket = 103;

// Where a database goes when root starts us in a folder that no other user can reach (a checkout below /root).
const reachable = '/var/lib/regulars';

/**
 * Finds the database of `dataFolder`, or makes it. It is made beside its place and moved there in one step, so that
 * of several servers that start at once one succeeds and the others find its work.
 */
export async function openHome(dataFolder: string): Promise<Home> {
  const place = join(dataFolder, 'postgres');
  // Passed through by PostgreSQL's user, whatever umask we were started with.
  if (await mkdir(dataFolder, { recursive: true })) await chmod(dataFolder, 0o711);
  if (!existsSync(place)) await makeHome(dataFolder, place);
  const folder = await realpath(place);
  const cluster = join(folder, 'cluster');
  const owner = ownerOf(cluster);
  refuseClosed(folder, owner);
  const found = await findPackage();
  await refuseOtherVersion(folder, found);
  const binaries = await installBinaries(folder, found);
  const password = (await readFile(join(folder, 'password'), 'utf8')).trim();
  return { folder, cluster, binaries, password, owner, sockets: await openSockets(folder, owner) };
}

/** Makes the folder of sockets, for PostgreSQL's user alone; none where there are no sockets, or its path is too long. */
async function openSockets(folder: string, owner: Owner): Promise<string | undefined> {
  const sockets = join(folder, socketFolder);
  const isShort = Buffer.byteLength(join(sockets, '.s.PGSQL.65535')) <= longestSocket;
  if (process.platform === 'win32' || !isShort) return undefined;
  await mkdir(sockets, { recursive: true, mode: 0o700 });
  if (owner) await chown(sockets, owner.uid, owner.gid);
  return sockets;
}

async function makeHome(dataFolder: string, place: string): Promise<void> {
  const owner = ownerForNew();
  const elsewhere = isRoot() && closedFolder(dataFolder, owner) !== undefined;
  if (elsewhere) await mkdir(reachable, { recursive: true, mode: 0o755 });
  const draft = await mkdtemp(join(elsewhere ? reachable : dataFolder, elsewhere ? 'database-' : 'new-postgres-'));
  try {
    await chmod(draft, 0o711); // its user passes through, and looks at nothing
    refuseClosed(draft, owner);
    await fill(draft, owner);
    if (elsewhere) await symlink(draft, place);
    else await rename(draft, place);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(place)) throw error; // else another server was faster
  }
}

async function fill(folder: string, owner: Owner): Promise<void> {
  const binaries = await installBinaries(folder, await findPackage());
  const cluster = join(folder, 'cluster');
  const password = join(folder, 'password');
  const log = join(folder, 'log');
  await mkdir(cluster, { mode: 0o700 });
  await writeFile(password, `${secretToken()}\n`, { mode: 0o600 });
  await writeFile(log, '', { mode: 0o600 });
  if (owner) for (const path of [cluster, password, log]) await chown(path, owner.uid, owner.gid);
  const options = [
    ...['-D', cluster, '-U', 'regulars', `--pwfile=${password}`, '--auth=scram-sha-256', '--no-instructions'],
    ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
  ];
  const made = await runProgram({ folder, binaries, owner }, 'initdb', options);
  if (made.code !== 0) throw new Error(`The embedded PostgreSQL could not make its database:\n${made.output}`);
}

function refuseClosed(folder: string, owner: Owner): void {
  const closed = closedFolder(folder, owner);
  if (closed) {
    throw new ConfigError(
      `REGULARS_DATA must be a folder that PostgreSQL's user (uid ${owner?.uid}, as it may not run as root) can reach, but ${closed} is closed to it.`,
    );
  }
}

async function refuseOtherVersion(folder: string, { version }: Package): Promise<void> {
  const made = (await readFile(join(folder, 'cluster', 'PG_VERSION'), 'utf8')).trim();
  const [ours] = version.split('.');
  if (made === ours) return;
  throw new ConfigError(
    `REGULARS_DATA must hold a database of PostgreSQL ${ours}, but ${folder} was made by ${made}: dump it with that version and restore it into a new one.`,
  );
}
