import type { AnyNode, Node } from 'acorn';

/** What is said of code in which more stands inside of one another than a parser goes down. */
export const nestedTooDeeply = 'It is nested too deeply to be read: give inner parts names of their own';

/** Does a parser, V8's or acorn's, refuse code because of that? */
export function isTooDeep(error: unknown): boolean {
  return error instanceof RangeError || (error instanceof SyntaxError && error.message.startsWith('Not enough stack'));
}

/** Every node of a piece of JavaScript, in the order in which they are written; the whole comes before its parts. */
export function* walk(root: Node): Generator<AnyNode> {
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const one = waiting.pop();
    if (isNode(one)) yield one;
    const parts = Array.isArray(one) ? one : isNode(one) ? Object.values(one) : [];
    for (const part of parts.toReversed()) waiting.push(part);
  }
}

/** Is it a part of a tree, and not a list of such, a value or a place? */
export function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'end' in value;
}

/** The name of a member or property that is not computed. */
export function nameOf(node: AnyNode): string | undefined {
  return node.type === 'Identifier' ? node.name : textOf(node);
}

/** A text that is written out: `'deny'` or `` `deny` ``. */
export function textOf(node: AnyNode): string | undefined {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  if (node.type !== 'TemplateLiteral' || node.expressions.length > 0) return undefined;
  return node.quasis[0]?.value.cooked ?? undefined;
}

/** The names that a pattern gives to something: `a`, `{ b: c, ...d }`, `[e = f]` give a, c, d and e. */
export function namesGivenBy(pattern: AnyNode | null | undefined): string[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((one) => namesGivenBy(one.type === 'Property' ? one.value : one));
    case 'ArrayPattern':
      return pattern.elements.flatMap(namesGivenBy);
    case 'AssignmentPattern':
      return namesGivenBy(pattern.left);
    case 'RestElement':
      return namesGivenBy(pattern.argument);
    default:
      return [];
  }
}

/** `auth0.users.updateAppMetadata`, where a whole chain of at most `most` plain names is written out. */
export function pathOf(node: AnyNode, most = 8): string | undefined {
  const names: string[] = [];
  let head = node;
  // No deeper than is asked for: such a chain is as long as its writer likes, and each of its parts is looked at.
  while (head.type === 'MemberExpression' && !head.computed && head.property.type === 'Identifier') {
    names.unshift(head.property.name);
    if (names.length === most) return undefined;
    head = head.object;
  }
  return head.type === 'Identifier' ? [head.name, ...names].join('.') : undefined;
}

/**
 * Tells on which line a text is first written out, between quotes, in a piece of JavaScript; null: on none. The piece is
 * gone through once, however many are asked for.
 */
export function linesOfTexts(script: string): (text: string) => number | null {
  const lines = new Map<string, number>();
  let [line, counted] = [1, 0];
  // One quote may end a text and begin the next.
  for (const { 1: text = '', index } of script.matchAll(/['"`]([^'"`]*)(?=['"`])/g)) {
    for (; counted < index; counted++) if (script[counted] === '\n') line++;
    if (!lines.has(text)) lines.set(text, line);
  }
  return (text) => lines.get(text) ?? null;
}
