// What a run of tests says on the terminal: in the words of node's own `spec` reporter, which people and tools know.
import type { Ended } from './report.ts';
import type { FileResult } from './run-suite.ts';

/** Prints a file and its tests, those that failed with the reason. */
export function tellFile({ file, ms, cpuMs, tests, fault }: FileResult): void {
  const lines = [`${file} (${seconds(ms)}, processor ${seconds(cpuMs)})`, ...tests.map(tellTest)];
  if (fault !== undefined) lines.push(`✖ ${file}\n${indent(fault)}`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Prints how many tests there were and, once more and last, all that failed; true when nothing did. */
export function tellSummary(results: readonly FileResult[], ms: number): boolean {
  const tests = results.flatMap((result) => result.tests);
  const failed = tests.filter(({ fault }) => fault !== undefined);
  const broken = results.filter(({ fault }) => fault !== undefined);
  const skipped = tests.filter(({ isSkipped }) => isSkipped).length;
  const fail = failed.length + broken.length;
  const counts: [what: string, count: number][] = [
    ['tests', tests.length + broken.length],
    ['files', results.length],
    ['pass', tests.length - failed.length - skipped],
    ['fail', fail],
    ['skipped', skipped],
    ['duration_ms', ms],
  ];
  process.stdout.write(`${counts.map(([what, count]) => `ℹ ${what} ${count}`).join('\n')}\n`);
  const faults = [
    ...failed.map((test) => `test at ${test.place}\n${tellTest(test)}`),
    ...broken.map(({ file, fault }) => `test at ${file}\n✖ ${file}\n${indent(fault ?? '')}`),
  ];
  if (fail > 0) process.stdout.write(`\n✖ failing tests:\n\n${faults.join('\n\n')}\n`);
  return fail === 0;
}

function tellTest({ name, depth, ms, fault, isSkipped }: Ended): string {
  const mark = fault === undefined ? '✔' : '✖';
  const line = `${'  '.repeat(depth - 1)}${mark} ${name} (${ms.toFixed(3)}ms)${isSkipped ? ' # SKIP' : ''}`;
  return fault === undefined ? line : `${line}\n${indent(fault)}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 1000 ? 3 : 1)} s`;
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
