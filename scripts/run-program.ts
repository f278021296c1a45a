// Runs a program in the root of the repository and keeps what it says.
import { spawn } from 'node:child_process';

const root = new URL('../', import.meta.url);

/** `ok` when it ended with code 0; `output` is all it wrote, to either stream. */
export async function runProgram(program: string, words: readonly string[]): Promise<{ ok: boolean; output: string }> {
  const child = spawn(program, [...words], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  child.stderr.on('data', (chunk) => chunks.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { ok: code === 0, output: Buffer.concat(chunks).toString('utf8') };
}
