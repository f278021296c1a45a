import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type FileResult, runSuite } from './run-suite.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'regulars-suite-'));
after(() => rm(folder, { recursive: true }));

/** Runs files of these texts in one process, as far as that goes; what became of each. */
async function run(texts: Readonly<Record<string, string>>, patienceMs = 30_000): Promise<Record<string, FileResult>> {
  const results: Record<string, FileResult> = {};
  const files = new Map<string, string>();
  for (const [name, text] of Object.entries(texts)) {
    const path = join(folder, `${name}.ts`);
    await writeFile(path, `import { after, before, mock, test } from 'node:test';\n${text}`);
    files.set(relative(root, path), name);
  }
  const onResult = (result: FileResult) => {
    const name = files.get(result.file) ?? '';
    results[name] = { ...results[name], ...result };
  };
  await runSuite([...files.keys()], { processes: 1, patienceMs, isAlone: false, onResult }).ended;
  assert.deepEqual(Object.keys(results), Object.keys(texts));
  return results;
}

const tests = (result?: FileResult) =>
  result?.tests.map(({ name, fault }) => `${name}: ${fault ? 'failed' : 'passed'}`);

test('one process runs all files; hooks are those of their own file; a failure says what and where', async () => {
  const results = await run({
    first: `
      globalThis.told = [process.pid];
      before(() => told.push('before first'));
      after(() => told.push('after first'));
      await new Promise((resolve) => setTimeout(resolve, 5));
      test('one', () => {});
      test('two', async (t) => {
        await t.test('inside', () => {
          throw new Error('it is broken');
        });
      });`,
    second: `
      test('all of the first is over', () => {
        if (told.join() !== [process.pid, 'before first', 'after first'].join()) throw new Error(told.join());
      });`,
  });
  assert.deepEqual(tests(results.first), ['one: passed', 'inside: failed', 'two: passed']);
  assert.deepEqual(tests(results.second), ['all of the first is over: passed']);
  const inside = results.first?.tests.find(({ name }) => name === 'inside');
  assert.match(inside?.fault ?? '', /^Error: it is broken\n/);
  assert.match(inside?.place ?? '', /first\.ts:9$/);
});

test('clocks and the environment are as they were for the next file', async () => {
  const results = await run({
    leaves: `
      mock.timers.enable({ apis: ['Date'], now: 0 });
      process.env.LEFT = 'yes';
      delete process.env.PATH;
      test('it left', () => {});`,
    finds: `
      test('it is not found', () => {
        if (Date.now() < 1e12 || process.env.LEFT || !process.env.PATH) throw new Error('found');
      });`,
  });
  assert.deepEqual(tests(results.finds), ['it is not found: passed']);
});

test('a clock that stands still for good is put right for the next file, and told', async () => {
  const { finds } = await run({
    leaves: "Date.now = () => 0;\ntest('it left', () => {});",
    finds: `
      test('it goes', () => {
        if (Date.now() < 1e12) throw new Error('found');
      });`,
  });
  assert.deepEqual(tests(finds), ['it goes: passed']);
  assert.match(finds?.fault ?? '', /The file before this one left a clock behind/);
});

test('what goes wrong outside of tests is told of the file', async () => {
  const { loads, hooks } = await run({
    loads: "throw new Error('not to be loaded');",
    hooks: "test('well', () => {});\nafter(() => {\n  throw new Error('not to be closed');\n});",
  });
  assert.match(loads?.fault ?? '', /not to be loaded/);
  assert.match(hooks?.fault ?? '', /not to be closed/);
});

test('what fails when its test is over is told, too', async () => {
  const { leaves, waits } = await run({
    leaves: "test('early', () => void setTimeout(() => Promise.reject(new Error('too late')), 20));",
    waits: "test('well', () => new Promise((resolve) => setTimeout(resolve, 300)));",
  });
  assert.deepEqual(tests(waits), ['well: passed']);
  // It may come before the next file has begun.
  assert.match(waits?.fault ?? leaves?.fault ?? '', /^After a test had ended: Error: too late/);
});

test('what fails beside a test that waits fails the run', async () => {
  const { timer, promise } = await run({
    timer: `
      test('waits', () => new Promise((resolve) => {
        setTimeout(() => { throw new Error('thrown beside it'); }, 20);
        setTimeout(resolve, 200);
      }));`,
    promise: `
      test('waits', () => new Promise((resolve) => {
        setTimeout(() => void Promise.reject(new Error('rejected beside it')), 20);
        setTimeout(resolve, 200);
      }));`,
  });
  assert.match(JSON.stringify(timer), /thrown beside it/);
  assert.match(JSON.stringify(promise), /rejected beside it/);
});

test('a file that hangs or takes its process with it is told, and the others run', async () => {
  const results = await run(
    {
      hangs: "test('never', () => new Promise((resolve) => setTimeout(resolve, 60_000)));",
      ends: "test('leave', () => process.exit(0));",
      well: "test('well', () => {});",
    },
    4000,
  );
  assert.match(results.hangs?.fault ?? '', /^Stopped after 4 s, in or after: never$/);
  assert.match(results.ends?.fault ?? '', /^The process ended \(0\)/);
  assert.deepEqual(tests(results.well), ['well: passed']);
});
