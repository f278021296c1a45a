import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ConfigError } from './config.ts';
import type { Owner } from './embedded-postgres-owner.ts';

/** Where programs are found and who runs them. */
export type Place = { readonly folder: string; readonly binaries: string; readonly owner: Owner };

/**
 * Runs one of PostgreSQL's programs (`initdb`, `pg_ctl`, `postgres`) to its end, in a session of its own: Ctrl+C in
 * our terminal must not reach the database before our requests are done with it.
 *
 * @returns its exit code and everything it wrote
 * @throws ConfigError when the system cannot run it at all
 */
export async function runProgram(
  { folder, binaries, owner }: Place,
  program: 'initdb' | 'pg_ctl' | 'postgres',
  options: readonly string[],
): Promise<{ code: number; output: string }> {
  const child = spawn(join(binaries, 'bin', program), [...options], {
    cwd: folder,
    // PGDATA, PGPORT and the like of the caller must not lead it astray.
    ...(process.platform !== 'win32' && { env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } }),
    ...owner,
    detached: true,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.once('error', reject);
  child.once('close', (code) => resolve(code ?? -1));
  try {
    const code = await promise;
    return { code, output: Buffer.concat(output).toString('utf8') };
  } catch (error) {
    throw new ConfigError('DATABASE_URL must be set: the embedded PostgreSQL cannot run on this system.', {
      cause: error,
    });
  }
}
