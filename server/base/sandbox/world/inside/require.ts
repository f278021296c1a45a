// `require` of scripts: Node's own modules, and the published packages that were put in.

import { refusedModules } from '../refused-names.ts';
import { isPublic, requireOfNode } from './library.ts';
import { parts } from './parts.ts';
import { refusedModule } from './refusals.ts';

const refusedLoaded: Record<string, unknown> = Object.create(null);
const loaded: Record<string, { exports: unknown }> = Object.create(null);

function requirePackage(key: string): unknown {
  const known = loaded[key];
  if (known) return known.exports;
  const part = parts.packages[key];
  if (!part) throw new Error(`The package '${key}' is not here.`);
  const module = { exports: {} };
  loaded[key] = module;
  try {
    part(module.exports, require, module);
  } catch (error) {
    delete loaded[key];
    throw error;
  }
  return module.exports;
}

function refusing(name: string): unknown {
  const { isIP, isIPv4, isIPv6 } = requireOfNode('internal/net');
  refusedLoaded[name] ??= refusedModule(name, name === 'net' ? { isIP, isIPv4, isIPv6 } : {});
  return refusedLoaded[name];
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
