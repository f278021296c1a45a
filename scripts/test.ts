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
// These wait more than they work, for deadlines and for programs that they start: a third process has them.
const waits =
  /(base\/(jobs|sandbox\/(attacks|crash|http-call|sandbox|sandbox-worker))|rules\/run|suite\/suite|server\/(audit|cli|start)|triggers\/own-server|user-live)\.test\.ts$/;

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
const wish = {
  // A test that hangs is stopped, so that a run always ends with its summary.
  patienceMs: long ? 3_600_000 : 240_000,
  isAlone: long,
  onResult(result: FileResult) {
    results.push(result);
    tellFile(result);
  },
};
const [waiting, working] = [files.filter((file) => waits.test(file)), files.filter((file) => !waits.test(file))];
const suites = [runSuite(working, { ...wish, processes: long ? 1 : 2 }), runSuite(waiting, { ...wish, processes: 1 })];
function stop(): void {
  for (const suite of suites) suite.stop();
}
// Ctrl+C reaches the tests by itself; we go on to stop the database when they have ended.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
await Promise.all(suites.map(({ ended }) => ended));
const isWell = tellSummary(results, performance.now() - began);
process.exitCode = isWell && results.length >= files.length ? 0 : 1;
