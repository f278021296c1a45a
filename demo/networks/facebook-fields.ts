import type { GraphError } from './facebook-errors.ts';

/** How one field of a node is told, and the permission it takes. */
export interface FieldSource {
  needs?: string;
  /** `modifiers` as in `picture.type(large)`; undefined: this person has none. */
  tell: (modifiers: ReadonlyMap<string, string>) => unknown;
}

/**
 * Reads a `fields` parameter (`id,name,picture.type(large)`) and tells those fields. A field without its permission
 * is silently left out; one that does not exist is an error, as at the Graph API.
 */
export function selectFields(
  asked: string,
  sources: Readonly<Record<string, FieldSource>>,
  allowed: ReadonlySet<string>,
  always: readonly string[],
): { values: Record<string, unknown> } | GraphError {
  const values: Record<string, unknown> = {};
  for (const text of new Set([...asked.split(','), ...always])) {
    const parsed = /^([a-z_]+)((?:\.[a-z]+\([a-z0-9]+\))*)(?:\{[a-z_]*\})?$/.exec(text.trim());
    const name = parsed?.[1] ?? text.trim();
    const source = parsed && Object.hasOwn(sources, name) ? sources[name] : undefined;
    if (!source) return { code: 100, message: `(#100) Tried accessing nonexisting field (${name})` };
    if (source.needs !== undefined && !allowed.has(source.needs)) continue;
    const modifiers = new Map<string, string>();
    for (const [, key, value] of (parsed?.[2] ?? '').matchAll(/\.([a-z]+)\(([a-z0-9]+)\)/g)) {
      if (key !== undefined && value !== undefined) modifiers.set(key, value);
    }
    const value = source.tell(modifiers);
    if (value !== undefined) values[name] = value;
  }
  return { values };
}
