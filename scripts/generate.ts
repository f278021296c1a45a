// Writes everything that is generated; `--check` writes nothing and fails when something is not fresh.
import { ensureTestPostgres } from '../test/postgres.ts';
import { runProgram } from './run-program.ts';

/** Each writes its files, or checks them when given `--check`. */
export const generators = ['scripts/generate-schema.ts', 'scripts/generate-config.ts', 'scripts/generate-openapi.ts'];

if (import.meta.main) {
  await using _postgres = await ensureTestPostgres();
  for (const generator of generators) {
    const { ok, output } = await runProgram(process.execPath, [generator, ...process.argv.slice(2)]);
    process.stdout.write(output);
    if (!ok) process.exitCode = 1;
  }
}
