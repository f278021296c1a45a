import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { isMissing } from './files.ts';
import { root, versionOfSources } from './sources.ts';

/** A built console: where its files are. */
export type Build = { readonly folder: string; readonly version: string };

type Way = { readonly tell: (words: string) => void; readonly signal?: AbortSignal };

const program = fileURLToPath(new URL('./build-worker.ts', import.meta.url));
const kept = 3;
const patienceMs = 5 * 60_000;

/**
 * The console built from the sources as they are, below `folder`: the build that is there already, or a new one, made
 * in a process of its own. Servers that start at once may both build; the first to finish is taken.
 *
 * @param way `tell`: is told in a few words how far it is; `signal`: ends it
 */
export async function buildConsole(folder: string, log: Logger, way: Way): Promise<Build> {
  const version = await versionOfSources();
  const made = { version, folder: join(folder, version) };
  if (await isThere(made.folder)) {
    await utimes(made.folder, new Date(), new Date());
    return made;
  }
  await mkdir(folder, { recursive: true });
  const draft = await mkdtemp(join(folder, 'draft-'));
  try {
    log.info('The console is being built; signing in works meanwhile.');
    const begun = performance.now();
    await run(draft, way);
    await rename(draft, made.folder).catch(async (error: unknown) => {
      if (!(await isThere(made.folder))) throw error;
    });
    log.info(`The console is built (${((performance.now() - begun) / 1000).toFixed(1)} s).`);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  await removeOld(folder, log);
  return made;
}

async function run(outDir: string, { tell, signal: ending }: Way): Promise<void> {
  const child = spawn(process.execPath, [program, outDir], {
    cwd: root,
    // Nothing of the server's environment is the console's.
    env: { PATH: '', NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: patienceMs,
    ...(ending && { signal: ending }),
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-4000);
  });
  // What else the tools print is not for the page that says how far it is.
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (/^\d+ modules read$/.test(line)) tell(line);
  });
  const [code, signal] = await once(child, 'close');
  if (code !== 0) throw new Error(`The console could not be built (${signal ?? code}): ${complaint.trim()}`);
}

async function isThere(folder: string): Promise<boolean> {
  try {
    return (await stat(join(folder, 'index.html'))).isFile();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Builds of earlier sources: servers that are being replaced still serve the last few. */
async function removeOld(folder: string, log: Logger): Promise<void> {
  try {
    const names = (await readdir(folder)).filter((name) => /^[0-9a-f]{16}$/.test(name));
    const builds = await Promise.all(
      names.map(async (name) => ({ name, usedAt: (await stat(join(folder, name))).mtimeMs })),
    );
    const old = builds.sort((a, b) => b.usedAt - a.usedAt).slice(kept);
    for (const { name } of old) await rm(join(folder, name), { recursive: true, force: true });
  } catch (error) {
    log.warn({ err: error }, 'old builds of the console could not be removed');
  }
}
