import type { AnyNode, Identifier, ObjectPattern } from 'acorn';

const object = 'configuration';

/**
 * Which values of `configuration` a script reads, by their keys, in the order of the alphabet.
 *
 * @param nodes all of the script's
 * @returns null: any of them, since it hands the whole on, or reads by a name that is not written out
 */
export function valuesRead(nodes: readonly AnyNode[]): string[] | null {
  const explained = new Set<AnyNode>();
  const keys = new Set<string>();
  for (const node of nodes) {
    // `user.configuration`, `{ configuration: 1 }`: the name of something else.
    if (node.type === 'MemberExpression' && !node.computed) explained.add(node.property);
    if (node.type === 'Property' && !node.computed && !node.shorthand) explained.add(node.key);
    const read = readBy(node);
    if (!read) continue;
    explained.add(read.whole);
    for (const key of read.keys) keys.add(key);
  }
  const isAny = nodes.some((node) => isConfiguration(node) && !explained.has(node));
  return isAny ? null : [...keys].toSorted();
}

function readBy(node: AnyNode): { whole: AnyNode; keys: readonly string[] } | undefined {
  if (node.type === 'MemberExpression' && isConfiguration(node.object)) {
    const key = nameOf(node.property, node.computed);
    return key === undefined ? undefined : { whole: node.object, keys: [key] };
  }
  if (node.type !== 'VariableDeclarator' || node.id.type !== 'ObjectPattern') return undefined;
  if (!node.init || !isConfiguration(node.init)) return undefined;
  const keys = keysOf(node.id);
  return keys && { whole: node.init, keys };
}

/** `{ KEY, OTHER: other }`; undefined: there is more to it. */
function keysOf({ properties }: ObjectPattern): string[] | undefined {
  const keys = properties.map((one) => (one.type === 'Property' ? nameOf(one.key, one.computed) : undefined));
  return keys.every((key) => key !== undefined) ? keys : undefined;
}

function nameOf(node: AnyNode, computed: boolean): string | undefined {
  if (node.type === 'Literal') return String(node.value);
  return node.type === 'Identifier' && !computed ? node.name : undefined;
}

function isConfiguration(node: AnyNode): node is Identifier {
  return node.type === 'Identifier' && node.name === object;
}
