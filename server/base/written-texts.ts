import type { AnyNode } from 'acorn';
import { namesGivenBy, pathOf, textOf } from './syntax-tree.ts';

/** A path is told by its beginning; code may make a text as long as it likes. */
const mostLength = 1000;

/** How often a name is followed to what it was given. */
const mostLevels = 5;

/** Texts that code puts together, as far as they are written out. */
export type WrittenTexts = {
  /** `{auth0.baseUrl}/users/{}`: what is not written out stands in brackets, by its name where it has one. */
  readonly textAt: (node: AnyNode) => string;
  /** What a name was given, where that is one thing; a node of another kind is that itself. */
  readonly givenTo: (node: AnyNode) => AnyNode;
  /** Each text of the code with its node: of what is put together the whole, not its parts. */
  readonly all: () => Iterable<readonly [node: AnyNode, text: string]>;
};

/**
 * Reads texts of a program: `'a' + b`, `` `a${b}` ``, and names that were given such.
 *
 * @param nodes all of them; the whole comes before its parts
 */
export function writtenTexts(nodes: readonly AnyNode[]): WrittenTexts {
  const given = valuesByName(nodes);
  const known = new Map<string, string>();

  function givenTo(node: AnyNode): AnyNode {
    const value = node.type === 'Identifier' ? given.get(node.name) : undefined;
    return value ?? node;
  }

  function textAt(node: AnyNode, levels = mostLevels): string {
    let text = '';
    for (const part of partsOf(node)) {
      text += pieceOf(part, levels);
      if (text.length > mostLength) break;
    }
    return text.slice(0, mostLength);
  }

  function pieceOf(part: AnyNode, levels: number): string {
    const written = part.type === 'TemplateElement' ? part.value.cooked : textOf(part);
    if (typeof written === 'string') return written;
    const value = givenTo(part);
    if (part.type !== 'Identifier' || value === part || levels === 0) return `{${pathOf(part) ?? ''}}`;
    // Each name once, however often it stands in another's text.
    const text = known.get(part.name) ?? (isText(value) ? textAt(value, levels - 1) : `{${part.name}}`);
    known.set(part.name, text);
    return text;
  }

  function* all(): Generator<readonly [AnyNode, string]> {
    const inner = new Set<AnyNode>();
    for (const node of nodes) {
      if (inner.has(node) || !isWritten(node)) continue;
      for (const part of wholeOf(node)) inner.add(part);
      yield [node, textAt(node)];
    }
  }

  return { textAt: (node) => textAt(node), givenTo, all };
}

function isWritten(node: AnyNode): boolean {
  return node.type === 'TemplateLiteral' || isSum(node) || textOf(node) !== undefined;
}

/** May it stand for a text, or for a part of one: `auth0.baseUrl`? */
function isText(node: AnyNode): boolean {
  return isWritten(node) || node.type === 'Identifier' || node.type === 'MemberExpression';
}

function isSum(node: AnyNode): boolean {
  return node.type === 'BinaryExpression' && node.operator === '+';
}

/** The parts of a text from left to right; deep ones do not go down our stack. */
function* partsOf(node: AnyNode): Generator<AnyNode> {
  for (const part of wholeOf(node)) {
    if (!isSum(part) && (part.type !== 'TemplateLiteral' || textOf(part) !== undefined)) yield part;
  }
}

/** The same with what they stand in. */
function* wholeOf(node: AnyNode): Generator<AnyNode> {
  const waiting: AnyNode[] = [node];
  for (let part = waiting.pop(); part; part = waiting.pop()) {
    yield part;
    if (part.type === 'BinaryExpression' && part.operator === '+') waiting.push(part.right, part.left);
    if (part.type !== 'TemplateLiteral' || textOf(part) !== undefined) continue;
    const { quasis, expressions } = part;
    waiting.push(...quasis.flatMap((one, place) => [one, expressions[place] ?? []].flat()).toReversed());
  }
}

/** Names that are given one thing, wherever they stand, with it. */
function valuesByName(nodes: readonly AnyNode[]): Map<string, AnyNode> {
  const values = new Map<string, AnyNode>();
  const others = new Set<string>();
  for (const node of nodes) {
    for (const [name, value] of valuesIn(node)) {
      if (!value || values.has(name)) others.add(name);
      else values.set(name, value);
    }
  }
  for (const name of others) values.delete(name);
  return values;
}

function valuesIn(node: AnyNode): [name: string, value: AnyNode | undefined][] {
  switch (node.type) {
    case 'VariableDeclarator':
      if (node.id.type === 'Identifier') return node.init ? [[node.id.name, node.init]] : [];
      return namesGivenBy(node.id).map((name) => [name, undefined]);
    case 'AssignmentExpression':
      if (node.left.type === 'Identifier' && node.operator === '=') return [[node.left.name, node.right]];
      return namesGivenBy(node.left).map((name) => [name, undefined]);
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return node.params.flatMap(namesGivenBy).map((name) => [name, undefined]);
    default:
      return [];
  }
}
