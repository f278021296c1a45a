// Runs the tests: `npm test [-- part of a path ...]`; `--long` runs those that take minutes instead.
import { spawn } from 'node:child_process';
import { glob } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ensureTestPostgres } from '../test/postgres.ts';

const words = process.argv.slice(2);
const long = words.includes('--long');
const parts = words.filter((word) => !word.startsWith('--'));
const root = new URL('../', import.meta.url);
// A test that hangs is stopped, so that a run always ends with its summary.
const patienceMs = long ? 3_600_000 : 240_000;

async function findTests(): Promise<string[]> {
  const pattern = '{contract,server,console,rules-library,demo,bench,test,scripts}/**/*.test.ts';
  const found: string[] = [];
  for await (const file of glob(pattern, { cwd: fileURLToPath(root), exclude: ['**/node_modules'] })) {
    const isAsked = parts.length === 0 || parts.some((part) => file.includes(part));
    if (isAsked && file.endsWith('.long.test.ts') === long) found.push(file);
  }
  return found.sort();
}

const files = await findTests();
if (files.length === 0) {
  process.stderr.write('There is no such test.\n');
  process.exit(2);
}

await using _postgres = await ensureTestPostgres();
const concurrency = long ? 1 : 2;
const runner = spawn(
  process.execPath,
  ['--test', `--test-concurrency=${concurrency}`, `--test-timeout=${patienceMs}`, ...files],
  { cwd: root, stdio: 'inherit' },
);
// Ctrl+C reaches the tests by itself; we go on to stop the database when they have ended.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => runner.kill(signal));
process.exitCode = await new Promise<number>((resolve, reject) => {
  runner.once('error', reject);
  runner.once('exit', (code) => resolve(code ?? 1));
});
