import { builtinModules } from 'node:module';
import { mostPackages } from './limits.ts';
import { packageFiles } from './run.ts';
import { bundle, bundleInside } from './world/bundle.ts';
import { nodeLibrary } from './world/node-library.ts';
import { oldGlobals, oldGlobalsIn } from './world/old-globals.ts';
import { findPackage, insteadOf, readName, whyMissing } from './world/packages.ts';

export { newestVersion } from './world/packages.ts';

/** A script of a program. */
export type WorldFile = { readonly name: string; readonly source: string };

/** A module that a script asks for, with a sentence for the operator. */
export type ToldModule = { readonly name: string; readonly message: string };

const tooMany = `Together more than ${mostPackages.characters / 1e6} MB of packages are asked for, or more than ${mostPackages.count}, and this one did not fit in any more: ask for fewer, or for files of them (require('name/file')).`;
let inside: Promise<string> | undefined;
const builtins = new Set(builtinModules);

/**
 * The files to put first into a program, for scripts with these texts: Node as far as it is to be had there, and the
 * packages that the scripts ask for by `require('name')` or `require('name@version')`, found in their texts. After them:
 * - `$host` is gone from the global object
 * - `$inside` is there for the driver, which must call its `takeOver()` before any other code runs
 *
 * The driver's own text belongs to the scripts when it asks for modules: of Node, too, only what is named goes in.
 *
 * A script that asks for a module that is not there gets an error with the same sentence as in `missing`.
 */
export async function worldFiles({ scripts }: { scripts: readonly string[] }): Promise<{
  files: readonly WorldFile[];
  /** Those that are not there. */
  missing: readonly ToldModule[];
  /** Those for which another package or version runs. */
  replaced: readonly ToldModule[];
}> {
  inside ??= bundleInside(new URL('./world/inside/start.ts', import.meta.url));
  const names: Record<string, string> = {};
  const missing: Record<string, string> = {};
  const replaced: ToldModule[] = [];
  const packages = new Map<string, WorldFile>();
  let characters = 0;
  for (const name of await askedFor(scripts)) {
    const [asked, id] = [readName(name), name.replace(/^node:/, '')];
    if (builtins.has(id)) continue;
    const found = asked && findPackage(asked);
    if (found && (characters > mostPackages.characters || packages.size >= mostPackages.count)) {
      missing[name] = tooMany;
      continue;
    }
    const text = found && (await bundle(found, asked.path).catch(() => undefined));
    if (!found || text === undefined) {
      missing[name] = whyMissing(name);
      continue;
    }
    const key = `${found.folder}${asked.path}`;
    names[name] = key;
    const message = insteadOf(name);
    if (message !== undefined) replaced.push({ name, message });
    if (!packages.has(key)) characters += text.length;
    packages.set(key, { name: `${packageFiles}${key}`, source: packageScript(key, text) });
  }
  const told = `Object.assign($parts, ${JSON.stringify({ names, missing, oldGlobals })});\nvoid 0;`;
  return {
    files: [
      ...nodeLibrary([...scripts, ...[...packages.values()].map(({ source }) => source)]),
      ...packages.values(),
      { name: 'node:names', source: told },
      { name: 'node:world', source: await inside },
    ],
    missing: Object.entries(missing).map(([name, message]) => ({ name, message })),
    replaced,
  };
}

function packageScript(key: string, text: string): string {
  return `$parts.packages[${JSON.stringify(key)}] = function (exports, require, module, __filename, __dirname) {${text}\n};\nvoid 0;`;
}

async function askedFor(scripts: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  const meant = await Promise.all(scripts.map(oldGlobalsIn));
  scripts.forEach((script, place) => {
    for (const [, , name] of script.matchAll(/\brequire\s*\(\s*(['"`])([^'"`\n]+)\1\s*(?:,\s*)?\)/g))
      if (name) found.add(name);
    for (const name of meant[place] ?? []) found.add(oldGlobals[name] ?? name);
  });
  return found;
}
