import type { AnyNode, Node } from 'acorn';
import { nameOf, textOf, walk } from '../../base/syntax-tree.ts';

/**
 * Does code export this handler? So it is said, too, of code whose exports cannot be read: those that are handed over
 * as a whole, or by a name that is made up while it runs.
 */
export function mayExport(program: Node, handler: string): boolean {
  const nodes = [...walk(program)];
  return nodes.some((node) => isExport(node, handler)) || !areReadable(nodes);
}

/** `exports.handler = ...`, `module.exports = { handler }`, `Object.defineProperty(exports, 'handler', ...)`. */
function isExport(node: AnyNode, handler: string): boolean {
  if (node.type === 'AssignmentExpression') return memberOf(node.left) === handler;
  if (node.type === 'Property') return (node.computed ? textOf(node.key) : nameOf(node.key)) === handler;
  return textOf(node) === handler;
}

/** Each use of `exports` is for one member that is named, or for an object with nothing hidden in it. */
function areReadable(nodes: readonly AnyNode[]): boolean {
  const explained = new Set<AnyNode>();
  for (const node of nodes) {
    // `something.exports`, `{ exports: 1 }`: the name of something else, or seen as the whole of `module.exports`.
    if (node.type === 'MemberExpression' && !node.computed) explained.add(node.property);
    if (node.type === 'Property' && !node.shorthand && !node.computed) explained.add(node.key);
    if (node.type === 'MemberExpression' && memberOf(node) !== undefined) explained.add(node.object);
    if (node.type === 'AssignmentExpression' && isPlain(node.right)) explained.add(node.left);
  }
  return nodes.every((node) => !isExports(node) || explained.has(node));
}

function isExports(node: AnyNode): boolean {
  if (node.type === 'Identifier') return node.name === 'exports';
  return node.type === 'MemberExpression' && node.object.type === 'Identifier' && node.object.name === 'module'
    ? memberOf(node) === 'exports'
    : false;
}

function isPlain(node: AnyNode): boolean {
  if (node.type === 'ObjectExpression') {
    return node.properties.every((one) => one.type === 'Property' && (!one.computed || textOf(one.key) !== undefined));
  }
  return ['ArrowFunctionExpression', 'FunctionExpression', 'ClassExpression', 'Literal'].includes(node.type);
}

function memberOf(node: AnyNode): string | undefined {
  if (node.type !== 'MemberExpression') return undefined;
  return node.computed ? textOf(node.property) : nameOf(node.property);
}
