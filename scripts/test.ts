// Runs the tests: `npm test [-- part of a path ...]`; `--long` runs those that take minutes instead.
import { glob } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ensureTestPostgres } from '../test/postgres.ts';
import { type FileResult, runSuite } from './suite/run-suite.ts';
import { tellFile, tellSummary } from './suite/tell.ts';

const words = process.argv.slice(2);
const long = words.includes('--long');
const parts = words.filter((word) => !word.startsWith('--'));
const root = new URL('../', import.meta.url);
// These take longest: begun first, they are not what the others are waited with at the end.
const first = /^(demo\/demo|test\/)/;

async function findTests(): Promise<string[]> {
  const pattern = '{contract,server,console,rules-library,demo,bench,test,scripts}/**/*.test.ts';
  const found: string[] = [];
  for await (const file of glob(pattern, { cwd: fileURLToPath(root), exclude: ['**/node_modules'] })) {
    const isAsked = parts.length === 0 || parts.some((part) => file.includes(part));
    if (isAsked && file.endsWith('.long.test.ts') === long) found.push(file);
  }
  const sorted = found.sort();
  return [...sorted.filter((file) => first.test(file)), ...sorted.filter((file) => !first.test(file))];
}

const files = await findTests();
if (files.length === 0) {
  process.stderr.write('There is no such test.\n');
  process.exit(2);
}

await using _postgres = await ensureTestPostgres();
const began = performance.now();
const results: FileResult[] = [];
const suite = runSuite(files, {
  processes: long ? 1 : 2,
  // A test that hangs is stopped, so that a run always ends with its summary.
  patienceMs: long ? 3_600_000 : 240_000,
  isAlone: long,
  onResult(result) {
    results.push(result);
    tellFile(result);
  },
});
// Ctrl+C reaches the tests by itself; we go on to stop the database when they have ended.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => suite.stop());
await suite.ended;
const isWell = tellSummary(results, performance.now() - began);
process.exitCode = isWell && results.length >= files.length ? 0 : 1;
