import ivm from 'isolated-vm';
import type { ConsoleLine, FromChild, RunFailure, ToChild } from './messages.ts';

const memoryMb = 32;
const mostLines = 200;
const mostText = 1000;

export type PlaceEnded = Pick<Extract<FromChild, { kind: 'ended' }>, 'output' | 'failure' | 'checkpoint' | 'console' | 'cpuMs'>;

/** One isolate with a program in it; it runs one thing at a time. */
export type Place = {
  run(input: string, deadlineMs: number, call: (call: number, name: string, argument: string) => void): Promise<PlaceEnded>;
  answer(answer: Extract<ToChild, { kind: 'answer' | 'refusal' }>): void;
  dispose(): void;
};

/**
 * Makes an isolate and runs the program's files in it. They find `$host`, to be taken by the first of them and hidden
 * from all that is not ours:
 * - `call(name, json)`: Promise of JSON; rejects with the server's refusal
 * - `log(level, text)`
 * - `checkpoint(json)`: how far the run has come; the last one is told if it fails
 * - `wait(ms)`: Promise
 */
export async function createIsolate(program: {
  files: readonly { name: string; source: string }[];
}): Promise<Place> {
  const isolate = new ivm.Isolate({ memoryLimit: memoryMb });
  const context = await isolate.createContext();
  let lines: ConsoleLine[] = [];
  let checkpoint: string | undefined;
  let send: (call: number, name: string, argument: string) => void = () => {};
  const asked = new Map<number, { resolve: (value: string) => void; reject: (error: Error) => void }>();
  let next = 1;

  await context.evalClosure(
    `globalThis.$host = {
      call: (name, argument) => $0.apply(undefined, [String(name), String(argument)], { result: { promise: true, copy: true } }),
      log: (level, text) => $1(String(level), String(text)),
      checkpoint: (json) => $2(String(json)),
      wait: (ms) => $3.apply(undefined, [Number(ms)], { result: { promise: true } }),
    };`,
    [
      new ivm.Reference(
        (name: string, argument: string) =>
          new Promise<string>((resolve, reject) => {
            const call = next++;
            asked.set(call, { resolve, reject });
            send(call, name, argument);
          }),
      ),
      new ivm.Callback((level: ConsoleLine['level'], text: string) => {
        if (lines.length < mostLines) lines.push({ level, text: text.slice(0, mostText) });
      }),
      new ivm.Callback((json: string) => {
        checkpoint = json;
      }),
      new ivm.Reference((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref())),
    ],
  );
  for (const { name, source } of program.files) {
    const script = await isolate.compileScript(source, { filename: name });
    await script.run(context);
  }
  const main = await context.global.get('main', { reference: true });

  return {
    async run(input, deadlineMs, call) {
      [lines, checkpoint, send] = [[], undefined, call];
      const cpu = isolate.cpuTime;
      const told = () => ({
        console: lines,
        checkpoint,
        cpuMs: isolate.isDisposed ? 0 : Number(isolate.cpuTime - cpu) / 1e6,
      });
      let watch: NodeJS.Timeout | undefined;
      const late = new Promise<{ failure: RunFailure }>((resolve) => {
        watch = setTimeout(() => {
          isolate.dispose();
          resolve({ failure: { kind: 'deadline', message: `The code was not done within ${deadlineMs} ms.` } });
        }, deadlineMs);
      });
      const work = main
        .apply(undefined, [input], { arguments: { copy: true }, result: { promise: true, copy: true } })
        .then(
          (output: string) => ({ output }),
          (error: Error) => ({ failure: failureOf(error, isolate.isDisposed) }),
        );
      const ended = await Promise.race([work, late]);
      clearTimeout(watch);
      return { ...ended, ...told() };
    },
    answer(answer) {
      const one = asked.get(answer.call);
      asked.delete(answer.call);
      if (answer.kind === 'answer') one?.resolve(answer.value);
      else one?.reject(new Error(answer.message));
    },
    dispose() {
      if (!isolate.isDisposed) isolate.dispose();
    },
  };
}

function failureOf(error: Error, disposed: boolean): RunFailure {
  if (disposed) return { kind: 'memory', message: `The code wanted more than ${memoryMb} MB of memory.` };
  return { kind: 'error', message: String(error.message), stack: error.stack };
}
