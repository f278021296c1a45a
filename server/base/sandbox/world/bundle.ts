// Published packages as one text each, ready to be run inside.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { builtinModules, createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { rolldown, VERSION } from 'rolldown';
import { type Package, root } from './packages.ts';

// Changes when what is made of the same package does.
const scheme = 2;
const folder = new URL('node_modules/.cache/regulars-modules/', root);
const made = new Map<string, Promise<string>>();
const mostMade = 500;
const builtins = new Set([...builtinModules, ...builtinModules.map((name) => `node:${name}`)]);

/**
 * The text of a package, or of one of its files, as the body of a CommonJS module that asks for nothing but Node's own
 * modules. It is made once and, but for files of the operator's own, kept beside the packages, where that folder can be
 * written.
 *
 * @throws Error if there is no such file in the package
 */
export function bundle(one: Package, path: string): Promise<string> {
  const key = `${one.folder}${path}`;
  const known = made.get(key);
  if (known) return known;
  const text = makeOrRead(one, path);
  const [oldest] = made.keys();
  if (made.size >= mostMade && oldest !== undefined) made.delete(oldest);
  made.set(key, text);
  text.catch(() => made.delete(key));
  return text;
}

async function makeOrRead(one: Package, path: string): Promise<string> {
  if (one.isOwn) return make(`${one.folder}${path}`);
  const parts = [scheme, VERSION, one.folder, one.name, one.version, path];
  const file = new URL(`${createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32)}.js`, folder);
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined) return kept;
  const text = await make(`${one.folder}${path}`);
  await keep(file, text).catch(() => {}); // a folder that only its owner writes: it is made again at the next start
  return text;
}

async function keep(file: URL, text: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const draft = new URL(`${file.href}.${process.pid}`);
  await writeFile(draft, text);
  await rename(draft, file);
}

async function make(name: string): Promise<string> {
  const input = createRequire(new URL('package.json', root)).resolve(name);
  const built = await rolldown({
    input,
    cwd: fileURLToPath(root),
    platform: 'node',
    external: (id) => builtins.has(id),
    resolve: { mainFields: ['main'], conditionNames: ['node', 'require', 'default'] },
    logLevel: 'silent',
  });
  try {
    const { output } = await built.generate({
      format: 'cjs',
      exports: 'auto',
      minify: { compress: false, mangle: false },
      codeSplitting: false,
    });
    return output[0].code;
  } finally {
    await built.close();
  }
}

/** Our own code that runs inside, as one script. */
export async function bundleInside(entry: URL): Promise<string> {
  const built = await rolldown({ input: fileURLToPath(entry), platform: 'neutral', logLevel: 'silent' });
  try {
    const { output } = await built.generate({
      format: 'iife',
      minify: { compress: false, mangle: false },
      codeSplitting: false,
    });
    // Of a function that is not strict, other code may ask who called it.
    return `'use strict';${output[0].code}`;
  } finally {
    await built.close();
  }
}
