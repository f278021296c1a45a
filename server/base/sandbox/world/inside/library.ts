// Node's own library, over bindings of ours: `require` for its parts among themselves.
import { internalBinding } from './bindings.ts';
import { guardPart } from './guarded.ts';
import { hiddenSymbols } from './hidden-properties.ts';
import { withOwners } from './http-owners.ts';
import { parts } from './parts.ts';
import { process } from './process.ts';
import { refusedModule } from './refusals.ts';
import { replacements } from './replacements.ts';
import { withOwnersBefore, withTimerOwners } from './timer-owners.ts';

type Loaded = Record<string, unknown>;

// These are put in by their names in the scripts.
const reachable = new Set(['assert', 'crypto', 'http', 'https', 'stream/web', 'stream/consumers']);
const loaded: Record<string, { exports: Loaded }> = Object.create(null);
const primordials: Loaded = {};
// Parts ask for one another, and put things into one another: none is whole before the one that was asked for first is.
let loading: Record<number, string> | undefined;
let count = 0;

function run(id: string, module: { exports: Loaded }): void {
  const part = parts.library[id];
  if (!part)
    throw new Error(`'${id}' of Node is put in where its name stands in the text of a script, and it does not.`);
  const symbols = internalBinding('symbols');
  part(module.exports, requireOfNode, module, process, internalBinding, primordials, hiddenSymbols, symbols);
  if (id === '_http_client') module.exports = withOwners(module.exports);
  if (id === 'timers') module.exports = withTimerOwners(module.exports);
  if (id === 'internal/async_hooks') module.exports = withOwnersBefore(module.exports);
}

function guardLoaded(): void {
  const ids = loading ?? {};
  const most = count;
  loading = undefined;
  count = 0;
  for (let at = 0; at < most; at += 1) {
    const id = ids[at] ?? '';
    guardPart(id, loaded[id]?.exports, isPublic(id));
  }
}

/** A part of Node's library by Node's name for it, the inner ones too: not for code that is not ours. */
export function requireOfNode(name: string): Loaded {
  const id = name.startsWith('node:') ? name.slice(5) : name;
  const known = loaded[id];
  if (known) return known.exports;
  const module: { exports: Loaded } = { exports: {} };
  loaded[id] = module;
  const isFirst = loading === undefined;
  const ids: Record<number, string> = loading ?? Object.create(null);
  loading = ids;
  ids[count] = id;
  count += 1;
  try {
    const replacement = replacements[id];
    if (replacement) module.exports = replacement(requireOfNode);
    else if (id in parts.library || id.startsWith('internal/') || reachable.has(id)) run(id, module);
    else module.exports = refusedModule(id);
  } catch (error) {
    delete loaded[id];
    throw error;
  } finally {
    if (isFirst) guardLoaded();
  }
  return module.exports;
}

/** Is there such a part, that code may ask for? */
export function isPublic(id: string): boolean {
  return !id.startsWith('internal/') && (id in parts.library || id in replacements);
}
