import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { record } from './regulars.ts';

const root = new URL('../', import.meta.url);

/** Runs a program of this folder and gives the JSON line that it prints, and how to end it. */
export async function runChild(
  file: string,
  words: readonly string[] = [],
): Promise<{ told: Record<string, unknown>; end(): Promise<void> }> {
  const child = spawn(process.execPath, [`bench/${file}`, ...words], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    // oidc-provider prints advice for developers on the same stream.
    if (!line.startsWith('{')) continue;
    const end = async () => {
      child.kill('SIGTERM');
      await exited;
    };
    return { told: record(JSON.parse(line)), end };
  }
  throw new Error(`${file} ended without a result`);
}

/** The text at `key`, or an error. */
export function text(told: Record<string, unknown>, key: string): string {
  const value = told[key];
  if (typeof value !== 'string') throw new Error(`no ${key}`);
  return value;
}

/** The list of texts at `key`, or an error. */
export function texts(told: Record<string, unknown>, key: string): string[] {
  const value = told[key];
  if (!Array.isArray(value)) throw new Error(`no ${key}`);
  return value.map(String);
}
