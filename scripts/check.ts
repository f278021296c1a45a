// What CI runs beside the tests: `npm run check`. Prints what is wrong, nothing else.
import { withTestDatabase } from '../test/database.ts';
import { ensureTestPostgres } from '../test/postgres.ts';
import { checkCircles, checkOrphans } from './checks/circles.ts';
import { checkCustomerKeys } from './checks/customer-keys.ts';
import { checkCustomerTables } from './checks/customer-tables.ts';
import { checkLeftovers, checkNames, checkSizes } from './checks/house-rules.ts';
import { checkLockFile } from './checks/lock-file.ts';
import { readSources } from './checks/sources.ts';
import { checkWalls } from './checks/walls.ts';
import { generators } from './generate.ts';
import { runProgram } from './run-program.ts';

const node = process.execPath;
const modules = 'node_modules';

/** Runs one part and tells what it found; true when that is nothing. */
async function part(name: string, find: () => string[] | Promise<string[]>): Promise<boolean> {
  const complaints = await find();
  if (complaints.length > 0) process.stdout.write(`\n✖ ${name}\n${complaints.map((line) => `  ${line}\n`).join('')}`);
  return complaints.length === 0;
}

/** A program of ours or of node_modules; what it says counts when it fails. */
async function program(words: readonly string[]): Promise<string[]> {
  const { ok, output } = await runProgram(node, words);
  return ok ? [] : output.trimEnd().split('\n');
}

const sources = await readSources();
const results = await Promise.all([
  part('types', () => program([`${modules}/typescript/bin/tsc`, '--noEmit', '-p', '.'])),
  part('types of the console', () => program([`${modules}/typescript/bin/tsc`, '--noEmit', '-p', 'console'])),
  part('style', () =>
    program([
      `${modules}/@biomejs/biome/bin/biome`,
      'ci',
      '--colors=off',
      '--diagnostic-level=warn',
      '--max-diagnostics=10',
    ]),
  ),
  part('import walls', () => checkWalls(sources)),
  part('circles', () => checkCircles(sources)),
  part('unused files', () => checkOrphans(sources)),
  part('size budget', () => checkSizes(sources)),
  part('names', () => checkNames(sources)),
  part('leftovers', () => checkLeftovers(sources)),
  part('lock file', checkLockFile),
  checkWithDatabase(),
]);

async function checkWithDatabase(): Promise<boolean> {
  await using _postgres = await ensureTestPostgres();
  const fresh = await part('generated files', async () => {
    const found = await Promise.all(generators.map((generator) => program([generator, '--check'])));
    return found.flat();
  });
  const keys = await part("keys of customers' tables", () => withTestDatabase(checkCustomerKeys));
  const tables = await part("customers' tables", () => withTestDatabase((url) => checkCustomerTables(url)));
  return keys && tables && fresh;
}

if (results.every(Boolean))
  process.stdout.write(`✔ ${sources.length} files: types, style, walls, budget and generated files are right\n`);
else process.exitCode = 1;
