import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FromChild, ProgramFile, ToChild } from './messages.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const pageBytes = 4096;

export type Child = {
  readonly pid: number;
  /** False until it can run something. */
  started: boolean;
  /** It gets nothing more to do, and is ended with its last run. */
  leaving: boolean;
  say(message: ToChild): void;
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
  hear: (message: FromChild) => void,
  gone: (code: number | null, signal: NodeJS.Signals | null) => void,
): Child {
  const child = fork(fileURLToPath(new URL('./sandbox-worker.ts', import.meta.url)), {
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
      '--max-semi-space-size=4',
    ],
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const pid = child.pid ?? 0;
  const known = new Set<string>();
  let exit: { code: number | null; signal: NodeJS.Signals | null } | undefined;
  let disconnected = false;

  function end(): void {
    if (exit && disconnected) gone(exit.code, exit.signal);
  }
  child.on('message', hear);
  child.on('exit', (code, signal) => {
    exit = { code, signal };
    if (!child.connected) disconnected = true;
    end();
  });
  child.on('disconnect', () => {
    disconnected = true;
    end();
  });
  child.on('error', () => child.kill('SIGKILL'));
  child.unref();
  child.channel?.unref();

  const say = (message: ToChild): void => {
    if (child.connected) child.send(message, () => {});
  };
  return {
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
        return 0;
      }
    },
    kill() {
      child.ref();
      child.kill('SIGKILL');
    },
  };
}
