import type { Node } from 'acorn';
import { nameOf, textOf, walk } from '../../base/syntax-tree.ts';
import { memberPaths } from './member-paths.ts';

/** A secret that code reads, and where it first does. */
export type SecretRead = { readonly name: string; readonly line: number };

const everyObjectHas = new Set(Object.getOwnPropertyNames(Object.prototype));

/**
 * The secrets that a program reads by their names: `event.secrets.KEY`, by other names and destructuring, too. One whose
 * name is only known when it runs is not found.
 *
 * @param handlers what the module exports for a trigger
 */
export function secretsRead(program: Node, handlers: readonly string[]): SecretRead[] {
  const names = new Set<string>();
  for (const node of walk(program)) {
    const key = node.type === 'MemberExpression' ? node.property : node.type === 'Property' ? node.key : undefined;
    if (key === undefined || !('computed' in node)) continue;
    const name = node.computed ? textOf(key) : nameOf(key);
    if (name !== undefined && !everyObjectHas.has(name)) names.add(name);
  }
  const sought = [...names].map((name) => `${place}${name}`);
  return memberPaths(program, handlers, 'event', sought).map(({ path, line }) => {
    return { name: path.slice(place.length), line };
  });
}

const place = 'secrets.';
