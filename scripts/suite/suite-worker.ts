// Runs test files one after the other, as it is told: what they share is loaded, and compiled, once.
import { inspect } from 'node:util';
import { mock, testFile } from './file-tests.ts';
import type { Late } from './report.ts';

const environment = { ...process.env };
const { Date: clock } = globalThis;
const { now } = clock;
let isWatching = false;

process.on('message', async (file: string) => {
  restore();
  const whole = testFile(file, async () => {
    await import(new URL(`../../${file}`, import.meta.url).href);
  });
  watch();
  await whole;
});
process.on('disconnect', () => process.exit());

/** What a test file left behind does not reach the next one. */
function restore(): void {
  mock.reset();
  mock.timers.reset();
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
  process.exitCode = 0;
  if (globalThis.Date === clock && clock.now === now) return;
  Object.assign(globalThis, { Date: clock });
  clock.now = now;
  tellLate('The file before this one left a clock behind that is not the machine’s.');
}

function tellLate(fault: string): void {
  const late: Late = { kind: 'late', fault };
  process.send?.(late);
}

/** Hears errors behind the test runner, which sets the exit code by those for which no test that still runs can fail. */
function watch(): void {
  if (isWatching) return;
  isWatching = true;
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      if (process.exitCode === 0) return;
      process.exitCode = 0;
      tellLate(inspect(error));
    });
  }
}
