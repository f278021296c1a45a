// package-lock.json holds what `npm ci` needs on every platform, and nothing of the registry it was made with.
import { readFile } from 'node:fs/promises';
import { root } from './sources.ts';

type Entry = { resolved?: string; optionalDependencies?: Record<string, string> };

/** npm leaves out what the registry did not have for other platforms, and then `npm ci` refuses the whole file. */
export async function checkLockFile(): Promise<string[]> {
  const lock: { packages: Record<string, Entry> } = JSON.parse(
    await readFile(new URL('package-lock.json', root), 'utf8'),
  );
  const entries = Object.entries(lock.packages);
  const there = new Set(entries.map(([place]) => place.split('node_modules/').at(-1)));
  return entries.flatMap(([place, { resolved, optionalDependencies = {} }]) => [
    ...(resolved ? [`package-lock.json: ${place} names a registry`] : []),
    ...Object.keys(optionalDependencies)
      .filter((name) => !there.has(name))
      .map((name) => `package-lock.json: ${name} of ${place} is missing; choose a version that has it`),
  ]);
}
