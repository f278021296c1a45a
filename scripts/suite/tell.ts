// What a run of tests says on the terminal.
import type { Ended } from './report.ts';
import type { FileResult } from './run-suite.ts';

/** Prints a file and its tests, those that failed with the reason. */
export function tellFile({ file, ms, cpuMs, tests, fault }: FileResult): void {
  const lines = [`${file} (${seconds(ms)}, processor ${seconds(cpuMs)})`];
  for (const test of tests) lines.push(`  ${tellTest(test)}`);
  if (fault !== undefined) lines.push(indent(`✖ ${file}\n${fault}`));
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Prints how many tests there were and, once more and last, all that failed; true when nothing did. */
export function tellSummary(results: readonly FileResult[], ms: number): boolean {
  const tests = results.flatMap((result) => result.tests);
  const failed = tests.filter(({ fault }) => fault !== undefined);
  const faults = [
    ...failed.map((test) => `✖ ${test.place}\n${indent(tellTest(test))}`),
    ...results.filter(({ fault }) => fault !== undefined).map(({ file, fault }) => `✖ ${file}\n${indent(fault ?? '')}`),
  ];
  const skipped = tests.filter(({ isSkipped }) => isSkipped).length;
  const counts = [
    `${tests.length} tests in ${results.length} files`,
    `${faults.length} failed`,
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    seconds(ms),
  ];
  if (faults.length > 0) process.stdout.write(`\nFailed:\n\n${faults.join('\n\n')}\n`);
  process.stdout.write(`\n${faults.length > 0 ? '✖' : '✔'} ${counts.join(', ')}\n`);
  return faults.length === 0;
}

function tellTest({ name, depth, ms, fault, isSkipped }: Ended): string {
  const mark = fault === undefined ? '✔' : '✖';
  const line = `${'  '.repeat(depth - 1)}${mark} ${name} (${seconds(ms)}${isSkipped ? ', skipped' : ''})`;
  return fault === undefined ? line : `${line}\n${indent(fault)}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 1000 ? 3 : 1)} s`;
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
