import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { type Ended, type HostCall, openSandbox, type Program, type Sandbox } from './sandbox.ts';

export type TestSandbox = Sandbox & {
  /** Runs the body of an async function of `input`, in which `host` is `$host`; its result is JSON. */
  code(body: string, options?: Options): Promise<Ended>;
  [Symbol.asyncDispose](): Promise<void>;
};

type Options = {
  readonly input?: unknown;
  readonly deadlineMs?: number;
  readonly host?: HostCall;
  readonly name?: string;
};

/** A sandbox for one test; its runs have 10 s unless told otherwise. */
export function openTestSandbox(memoryMb?: number): TestSandbox {
  const sandbox = openSandbox({ log: pino({ level: 'silent' }), memoryMb });
  return {
    ...sandbox,
    code: (body, { input = null, deadlineMs = 10_000, host = async () => null, name } = {}) =>
      sandbox.run({ program: programOf(body, name), input, deadlineMs, host }),
    [Symbol.asyncDispose]: () => sandbox.close(),
  };
}

/** A program whose `main` is this body. */
export function programOf(body: string, name?: string): Program {
  const source = `{
    const host = globalThis.$host;
    delete globalThis.$host;
    globalThis.main = async (json) => {
      const input = JSON.parse(json);
      const output = await (async () => {${body}\n})();
      return JSON.stringify(output === undefined ? null : output);
    };
  }`;
  return { name, version: body, files: [{ name: 'test.js', source }] };
}

/** How a run failed; of one that did not, its output. */
export function failureOf(ended: Ended): string {
  return 'failure' in ended ? ended.failure.kind : `output ${JSON.stringify(ended.output)}`;
}

/** The output of a run that did not fail. */
export function outputOf(ended: Ended): unknown {
  if ('failure' in ended) throw new Error(`${ended.failure.kind}: ${ended.failure.message}`);
  return ended.output;
}

/** Waits until it is so. */
export async function until(isSo: () => boolean, mostMs = 10_000): Promise<void> {
  const end = performance.now() + mostMs;
  while (!isSo()) {
    if (performance.now() > end) throw new Error('it was not so in time');
    await sleep(5);
  }
}
