import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../server/cli.ts', import.meta.url));

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type RunningProgram = AsyncDisposable & {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it has written to stdout so far. */
  said(): string;
};

/** Starts `regulars <words>` with these variables and nothing else of ours; killed at the end if it still runs. */
export function startProgram(words: readonly string[], variables: Record<string, string>): RunningProgram {
  // What was compiled is found again, as it is by npm's scripts.
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const env = { PATH, NODE_COMPILE_CACHE, HOST: '127.0.0.1', ...variables };
  const child = spawn(process.execPath, [program, ...words], { env, cwd: tmpdir(), stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return {
    process: child,
    ended,
    said: () => stdout,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Runs `regulars <words>` to its end. */
export async function runProgram(words: readonly string[], variables: Record<string, string>): Promise<Ended> {
  await using program = startProgram(words, variables);
  return await program.ended;
}

/** Waits until a server answers `/readyz` with 200; fails when its program ended first. */
export async function untilReady(url: string, program: RunningProgram): Promise<void> {
  let end: Ended | undefined;
  program.ended.then((ended) => {
    end = ended;
  });
  while (!end) {
    const response = await fetch(`${url}/readyz`).catch(() => undefined);
    if (response?.status === 200) return;
    await pause(50);
  }
  throw new Error(`It ended with ${end.code}: ${end.stderr}${end.stdout}`);
}

/** A folder name that is free; whatever is made there is removed at the end. */
export async function freeFolder(): Promise<{ path: string } & AsyncDisposable> {
  const parent = await mkdtemp(join(tmpdir(), 'regulars-cli-'));
  return { path: join(parent, 'data'), [Symbol.asyncDispose]: () => rm(parent, { recursive: true, force: true }) };
}
