import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { openFrames } from './frames.ts';
import { type FromChild, readFromChild } from './from-child.ts';
import * as limits from './limits.ts';
import type { ProgramFile, ToChild } from './messages.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const pageBytes = 4096;
const flags = [
  '--no-node-snapshot',
  '--permission',
  '--allow-addons',
  ...['isolated-vm', 'node-gyp-build'].map((name) => `--allow-fs-read=${root}node_modules/${name}`),
  `--allow-fs-read=${root}server/base/sandbox`,
  `--allow-fs-read=${root}package.json`,
  // The loader of the addon looks which C library this is.
  '--allow-fs-read=/etc/alpine-release',
  '--disable-warning=SecurityWarning',
  '--max-semi-space-size=1',
  // For isolates that wait. To switch it on and off makes V8 refuse the compiled code of before.
  '--expose-gc',
  // With it V8 leaves the look for interrupts out of loops like `for (;;) all.push(new Array(1000))`: nothing ends them.
  '--no-turboshaft-loop-unrolling',
];

/** What a child says of its runs. */
export type Heard = Exclude<FromChild, { kind: 'memory' }>;

export type Child = {
  readonly pid: number;
  /** False until it can run something. */
  started: boolean;
  /** It gets nothing more to do, and is ended with its last run. */
  leaving: boolean;
  say(message: ToChild, body?: string): void;
  /** Tells a program that it does not know yet. */
  teach(version: string, files: readonly ProgramFile[]): void;
  forget(version: string): void;
  /** Bytes that are its own alone. */
  memory(): number;
  kill(): void;
};

/**
 * Starts a process that runs isolates. It has no environment, and may read nothing but its own code.
 *
 * @param gone called once, when it has ended and all that it said has been heard
 */
export function startChild(
  hear: (message: Heard, body: string) => void,
  gone: (code: number | null, signal: NodeJS.Signals | null) => void,
): Child {
  const child = spawn(process.execPath, [...flags, fileURLToPath(new URL('./sandbox-worker.ts', import.meta.url))], {
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'overlapped'],
  });
  const pipe = child.stdio[3];
  if (!(pipe instanceof Socket)) throw new Error('no pipe to the process that runs rules');
  const pid = child.pid ?? 0;
  const known = new Set<string>();
  let told = 0;

  const { say } = openFrames<ToChild>(
    pipe,
    (received, body) => {
      const message = readFromChild(received, body);
      if (message.kind === 'memory') told = message.bytes;
      else hear(message, body);
    },
    limits.mostHeard,
  );
  // What it said last is heard before its end.
  child.on('close', gone);
  child.on('error', () => child.kill('SIGKILL'));
  pipe.on('error', () => child.kill('SIGKILL'));
  child.unref();
  pipe.unref();

  const own: Child = {
    pid,
    started: false,
    leaving: false,
    say,
    teach(version, files) {
      if (known.has(version)) return;
      known.add(version);
      say({ kind: 'program', version, files });
    },
    forget(version) {
      if (known.delete(version)) say({ kind: 'forget', version });
    },
    memory() {
      try {
        const [, resident, shared] = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ').map(Number);
        return ((resident ?? 0) - (shared ?? 0)) * pageBytes;
      } catch {
        return told;
      }
    },
    kill() {
      own.leaving = true;
      // Who closes waits for its end, which is when its pipe has ended, too.
      child.ref();
      pipe.ref();
      child.kill('SIGKILL');
    },
  };
  return own;
}
