import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { Ended, FromChild, ToChild } from './messages.ts';
import type { Run } from './sandbox.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
// A loop after an `await` is ended by the child's own watch; this is for a child that answers nothing any more.
const graceMs = 250;

type Waiting = {
  readonly run: Run;
  readonly end: (ended: Ended) => void;
  readonly abort: AbortController;
  readonly timer: NodeJS.Timeout;
  readonly since: number;
};

/** Starts a process that runs isolates. It has no environment, and may read nothing but its own code. */
export function startChild(log: Logger) {
  const child = fork(fileURLToPath(new URL('child.ts', import.meta.url)), {
    execArgv: [
      '--no-node-snapshot',
      '--permission',
      '--allow-addons',
      `--allow-fs-read=${root}node_modules`,
      `--allow-fs-read=${root}server/base/sandbox`,
      `--allow-fs-read=${root}package.json`,
      // The loader of the addon looks which C library this is.
      '--allow-fs-read=/etc/alpine-release',
      '--disable-warning=SecurityWarning',
    ],
    env: {},
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, Waiting>();
  let next = 1;

  function finish(id: number, ended: Ended): void {
    const one = waiting.get(id);
    if (!one) return;
    waiting.delete(id);
    clearTimeout(one.timer);
    one.abort.abort();
    one.end(ended);
  }

  function fail(id: number, kind: 'deadline' | 'crash', message: string): void {
    const since = waiting.get(id)?.since ?? performance.now();
    finish(id, { failure: { kind, message }, console: [], wallMs: performance.now() - since, cpuMs: 0 });
  }

  async function answer({ id, call, name, argument }: Extract<FromChild, { kind: 'call' }>): Promise<void> {
    const one = waiting.get(id);
    if (!one) return;
    const say = (message: ToChild) => child.connected && child.send(message);
    try {
      const value = await one.run.host(name, JSON.parse(argument), { key: `${id}.${call}`, signal: one.abort.signal });
      say({ kind: 'answer', id, call, value: JSON.stringify(value ?? null) });
    } catch (error) {
      say({ kind: 'refusal', id, call, message: error instanceof Error ? error.message : String(error) });
    }
  }

  child.on('message', (message: FromChild) => {
    if (message.kind === 'call') return void answer(message);
    const { id, output, failure, checkpoint, console, wallMs, cpuMs } = message;
    const told = { console, wallMs, cpuMs, checkpoint: checkpoint === undefined ? undefined : JSON.parse(checkpoint) };
    if (failure || output === undefined) {
      finish(id, { ...told, failure: failure ?? { kind: 'output', message: 'The code returned nothing.' } });
    } else finish(id, { ...told, output: JSON.parse(output) });
  });
  child.on('exit', (code, signal) => {
    if (waiting.size > 0) log.warn({ code, signal }, 'a process that runs rules has ended');
    for (const id of waiting.keys()) fail(id, 'crash', 'The process that ran the code has ended.');
  });

  return {
    run(run: Run): Promise<Ended> {
      const id = next++;
      return new Promise((end) => {
        const timer = setTimeout(
          () => fail(id, 'deadline', `The code was not done within ${run.deadlineMs} ms.`),
          run.deadlineMs + graceMs,
        );
        waiting.set(id, { run, end, abort: new AbortController(), timer, since: performance.now() });
        const { program, deadlineMs } = run;
        child.send({ kind: 'run', id, program, input: JSON.stringify(run.input), deadlineMs } satisfies ToChild);
      });
    },
    end(): void {
      child.kill('SIGKILL');
    },
  };
}
