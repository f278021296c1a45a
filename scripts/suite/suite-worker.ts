// Runs test files one after the other, as it is told: what they share is loaded, and compiled, once.
import { mock, test } from 'node:test';

const environment = { ...process.env };

process.on('message', async (file: string) => {
  restore();
  // Tests and hooks at the top of a file belong to the test within which it is loaded.
  await test(file, async () => {
    await import(new URL(`../../${file}`, import.meta.url).href);
  });
});
process.on('disconnect', () => process.exit());

/** What a test file left behind does not reach the next one. */
function restore(): void {
  mock.reset();
  mock.timers.reset();
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
}
