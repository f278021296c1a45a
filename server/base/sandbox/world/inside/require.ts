// `require` of scripts: Node's own modules, and the published packages that were put in.

import { refusedModules } from '../refused-names.ts';
import { host } from './host.ts';
import { isPublic, requireOfNode } from './library.ts';
import { parts } from './parts.ts';
import { refusedModule } from './refusals.ts';

const refusedLoaded: Record<string, unknown> = Object.create(null);
const loaded: Record<string, { exports: unknown }> = Object.create(null);

// Packages ask for one another.
let isLoading = false;

function loadFirst(load: () => void): void {
  isLoading = true;
  try {
    host.adopt(load);
  } finally {
    isLoading = false;
  }
}

function requirePackage(key: string): unknown {
  const known = loaded[key];
  if (known) return known.exports;
  const part = parts.packages[key];
  if (!part) throw new Error(`The package '${key}' is not here.`);
  const module = { exports: {} };
  loaded[key] = module;
  try {
    if (isLoading) part(module.exports, require, module);
    else loadFirst(() => part(module.exports, require, module));
  } catch (error) {
    delete loaded[key];
    throw error;
  }
  return module.exports;
}

function refusing(name: string): unknown {
  const known = refusedLoaded[name];
  if (known) return known;
  const { isIP, isIPv4, isIPv6 } = requireOfNode('internal/net');
  const works = name === 'net' ? { isIP, isIPv4, isIPv6 } : {};
  host.guard(works, name);
  const module = refusedModule(name, works);
  refusedLoaded[name] = module;
  return module;
}

/** `require` */
export function require(name: string): unknown {
  const id = String(name).replace(/^node:/, '');
  if (Object.hasOwn(parts.names, id)) return requirePackage(parts.names[id] ?? '');
  if (refusedModules.includes(id)) return refusing(id);
  if (isPublic(id)) return requireOfNode(id);
  if (parts.numbers.builtins.includes(id)) return refusing(id);
  // What is written out in the code is there, or is among the missing.
  const error = new Error(
    parts.missing[id] ??
      `Cannot find module '${name}': a name that is made up while the code runs is found only if it is written out somewhere in the code, as in require('${name}').`,
  );
  throw Object.assign(error, { code: 'MODULE_NOT_FOUND' });
}
