import type { AnyNode, Node } from 'acorn';

/** Every node of a parsed script, the outer ones first. */
export function* walk(node: Node): Generator<AnyNode> {
  const waiting: unknown[] = [node];
  while (waiting.length > 0) {
    const one = waiting.shift();
    if (Array.isArray(one)) waiting.push(...one);
    else if (isNode(one)) {
      yield one;
      waiting.push(...Object.values(one));
    }
  }
}

/** `auth0.users.updateAppMetadata`, where a whole chain of plain names is written out. */
export function pathOf(node: AnyNode): string | undefined {
  if (node.type === 'Identifier') return node.name;
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return undefined;
  const head = pathOf(node.object);
  return head === undefined ? undefined : `${head}.${node.property.name}`;
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'end' in value;
}
