import type { AnyNode } from 'acorn';

/** `auth0.users.updateAppMetadata`, where a whole chain of plain names is written out. */
export function pathOf(node: AnyNode): string | undefined {
  if (node.type === 'Identifier') return node.name;
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return undefined;
  const head = pathOf(node.object);
  return head === undefined ? undefined : `${head}.${node.property.name}`;
}
