// Reads our TypeScript files once: their text and what they import.
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';

export const root = new URL('../../', import.meta.url);
const folders = ['contract', 'server', 'console', 'rules-library', 'demo', 'bench', 'test', 'scripts'];

// The code of other people's programs, as text to be copied.
const quoted = /^console\/pages\/set-up\/portals\/snippets\.ts$/;

export type Import = {
  /** Path from the root of the repository, or the name of a package. */
  readonly to: string;
  readonly isOurs: boolean;
};

export type Source = {
  /** Path from the root of the repository: `server/base/ids.ts`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
  /** Tests, what only they use, and tools. */
  readonly isTest: boolean;
};

/** All files of ours. */
export async function readSources(): Promise<Source[]> {
  const lists = await Promise.all(folders.map(listFolder));
  return Promise.all(lists.flat().sort().map(readSource));
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    const names = await readdir(new URL(folder, root), { recursive: true });
    return names
      .filter((name) => /\.tsx?$/.test(name) && !name.includes('node_modules'))
      .map((name) => join(folder, name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []; // not there yet
    throw error;
  }
}

async function readSource(path: string): Promise<Source> {
  const whole = await readFile(new URL(path, root), 'utf8');
  const text = quoted.test(path) ? whole.replaceAll(/`[^`]*`/g, '``') : whole;
  const isTest = /\.test\.tsx?$|^(test|bench|scripts)\/|\/test-[^/]+\.ts$/.test(path);
  return { path, text, isTest, imports: importsOf(path, text) };
}

/**
 * What a file imports, types too, or names as the file beside it that another process is to run. Biome's format is what
 * makes this simple reading right: a declaration begins its line, and the module's name stands in single quotes.
 */
export function importsOf(path: string, text: string): Import[] {
  const found = [
    ...text.matchAll(/^(?:import|export)\b(?!\()[^'"`;]*?\bfrom '([^']+)'/gm),
    ...text.matchAll(/^import '([^']+)'/gm),
    ...text.matchAll(/\bimport\('([^']+)'\)/g),
    ...text.matchAll(/\bnew URL\('(\.\/[^']+\.ts)', import\.meta\.url\)/g),
  ].map(([, name = '']) => name);
  return [...new Set(found)].map((name) =>
    name.startsWith('.')
      ? { to: normalize(join(dirname(path), name)), isOurs: true }
      : { to: packageOf(name), isOurs: false },
  );
}

function packageOf(name: string): string {
  const parts = name.split('/');
  return name.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? name);
}
