// Node's own library as text: what runs in the world is what runs in this very Node.
import { constants as cryptoConstants } from 'node:crypto';
import { constants as fsConstants } from 'node:fs';
import { METHODS, STATUS_CODES } from 'node:http';
import { builtinModules } from 'node:module';
import { constants as osConstants } from 'node:os';
import process from 'node:process';
import { getSystemErrorMap } from 'node:util';
import { constants as zlibConstants } from 'node:zlib';
import { minifySync } from 'rolldown/utils';
import { groupsFor } from './node-groups.ts';

function sources(): Record<string, string> {
  // Node keeps it for itself by no other name.
  const natives: unknown = Reflect.apply(Reflect.get(process, 'binding'), process, ['natives']);
  const found: Record<string, string> = {};
  if (typeof natives !== 'object' || natives === null) return found;
  for (const [id, text] of Object.entries(natives)) if (typeof text === 'string') found[id] = text;
  return found;
}

const parameters = 'exports, require, module, process, internalBinding, primordials, privateSymbols, perIsolateSymbols';

const all = sources();
const functions = new Map<string, string>();

// Comments and indentation would be in the memory of every isolate, and with one character beyond Latin-1 in it a text
// takes two bytes for each. Names of variables stay: V8 quotes them in messages.
function functionOf(id: string): string {
  const known = functions.get(id);
  if (known !== undefined) return known;
  const text = `(function (${parameters}) {${all[id] ?? ''}\n})`;
  const { code } = minifySync(`${id}.js`, text, { compress: false, mangle: false });
  const made = `${JSON.stringify(id)}: ${code.replace(/;\s*$/, '').replace(/[^\0-\xff]/g, escaped)}`;
  functions.set(id, made);
  return made;
}

const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

const numbers = {
  constants: { os: osConstants, fs: fsConstants, crypto: cryptoConstants, zlib: zlibConstants },
  errors: [...getSystemErrorMap()],
  versions: process.versions,
  methods: METHODS,
  statuses: STATUS_CODES,
  builtins: builtinModules,
};

/** Scripts that leave the parts of Node's library for these texts in `$parts`. The same part is always the same script. */
export function nodeLibrary(texts: readonly string[]): { name: string; source: string }[] {
  const begin = `globalThis.$parts = { library: {}, packages: {}, numbers: ${JSON.stringify(numbers)} };\nvoid 0;`;
  const scripts = Object.entries(groupsFor(texts)).map(([name, parts]) => ({
    name: `node:library/${name}`,
    source: `Object.assign($parts.library, {${parts.map(functionOf).join(',\n')}});\nvoid 0;`,
  }));
  return [{ name: 'node:numbers', source: begin }, ...scripts];
}
