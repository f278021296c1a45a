// Gives test files out to a few processes, one at a time, and gathers what became of them.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Ended, Report } from './report.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const flags = [
  `--test-reporter=${fileURLToPath(new URL('reporter.ts', import.meta.url))}`,
  '--test-reporter-destination=stdout',
  // Much of what a test makes lives as long as its server: with more room it is copied less often.
  '--max-semi-space-size=64',
];
// What a file leaves behind in memory adds up; a process that has much of it makes room for a new one.
const memoryAtMost = 1_200_000_000;
const toEndMs = 5000;

/** What became of one test file; of one that left something behind which failed, a second one tells that. */
export type FileResult = {
  file: string;
  ms: number;
  cpuMs: number;
  /** Tests in the order in which they ended. */
  tests: readonly Ended[];
  /** What failed outside of tests: loading the file, its hooks, or that it never ended. */
  fault?: string;
};

export type SuiteWish = {
  /** Processes at once. */
  processes: number;
  /** A file that takes longer is stopped, and its process with it. */
  patienceMs: number;
  /** Whether each file has a process to itself. */
  isAlone: boolean;
  onResult(result: FileResult): void;
};

/** Runs the files in this order; `stop` ends all of it. */
export function runSuite(files: readonly string[], wish: SuiteWish): { ended: Promise<void>; stop(): void } {
  const waiting = [...files];
  const running = new Set<ChildProcess>();

  // Half of the processes begin at the other end: so the files that drive a browser, which stand together and wait for
  // it, share one and run beside those that keep a processor busy.
  async function work(_: unknown, index: number): Promise<void> {
    const next = () => (index % 2 === 0 ? waiting.shift() : waiting.pop());
    while (waiting.length > 0) {
      const child = fork(new URL('suite-worker.ts', import.meta.url), {
        cwd: root,
        execArgv: flags,
      });
      running.add(child);
      let spent = { cpuMs: 0, memory: 0 };
      let last = '';
      child.on('message', (report: Report) => {
        if (report.kind !== 'late') return;
        wish.onResult({ file: last, ms: 0, cpuMs: 0, tests: [], fault: `After a test had ended: ${report.fault}` });
      });
      for (let file = next(); file !== undefined; file = next()) {
        last = file;
        const { result, after } = await runFile(child, file, spent.cpuMs, wish.patienceMs);
        wish.onResult(result);
        if (!after) {
          child.kill('SIGKILL');
          break;
        }
        spent = after;
        if (wish.isAlone || spent.memory > memoryAtMost) break;
      }
      await endOf(child);
      running.delete(child);
    }
  }

  return {
    ended: Promise.all(Array.from({ length: wish.processes }, work)).then(() => undefined),
    stop() {
      waiting.length = 0;
      for (const child of running) child.kill();
    },
  };
}

/** Has a process run a file. After one that was stopped, or took its process with it, there is no `after`. */
async function runFile(
  child: ChildProcess,
  file: string,
  cpuBefore: number,
  patienceMs: number,
): Promise<{ result: FileResult; after?: Ended['spent'] }> {
  const tests: Ended[] = [];
  const begun = performance.now();
  let last = file;
  const { promise, resolve } = Promise.withResolvers<Ended | string>();
  const hear = (report: Report) => {
    if (report.kind === 'began') last = report.name;
    else if (report.kind === 'ended' && report.depth === 0) resolve(report);
    else if (report.kind === 'ended') tests.push(report);
  };
  const exited = (code: number | null, signal: NodeJS.Signals | null) =>
    resolve(`The process ended (${signal ?? code}) in or after: ${last}`);
  const alarm = setTimeout(() => resolve(`Stopped after ${patienceMs / 1000} s, in or after: ${last}`), patienceMs);
  child.on('message', hear).once('exit', exited);
  child.send(file, (error) => error && resolve(`The process is gone: ${error.message}`));
  const end = await promise;
  clearTimeout(alarm);
  child.off('message', hear).off('exit', exited);
  const ms = performance.now() - begun;
  if (typeof end === 'string') return { result: { file, ms, cpuMs: 0, tests, fault: end } };
  const { fault, spent } = end;
  const result = { file, ms, cpuMs: spent.cpuMs - cpuBefore, tests, ...(fault !== undefined && { fault }) };
  return { result, after: spent };
}

/** Asks a process to end, and sees to it. */
async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  if (child.connected) child.disconnect();
  const alarm = setTimeout(() => child.kill('SIGKILL'), toEndMs);
  await exited;
  clearTimeout(alarm);
}
