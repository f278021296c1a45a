import type { AnyNode, Function as Callable, Node, Pattern } from 'acorn';
import { nameOf, textOf, walk } from '../../base/syntax-tree.ts';

/** A member that code names, such as `access.deny` or a whole group, and where it first does. */
export type MemberPath = { readonly path: string; readonly line: number };

/** How deep an expression is followed: code that people write stays far from it. */
const mostLevels = 50;

/** Which of its parameters a handler is handed something by. */
const places = { event: 0, api: 1 } as const;

/**
 * What a program asks of `event` or `api`, the parameters of its handlers, among what is sought: followed through
 * members, destructuring, other names, and functions that it is handed to. Names are taken to mean the same everywhere,
 * so it finds rather too much than too little.
 *
 * @param handlers what the module exports for a trigger
 * @param sought paths, such as `access.deny`; nothing else is followed, so that code cannot make it long
 */
export function memberPaths(
  program: Node,
  handlers: readonly string[],
  parameter: keyof typeof places,
  sought: readonly string[],
): MemberPath[] {
  const place = places[parameter];
  const wanted = new Set(sought);
  const onTheWay = new Set(sought.flatMap(beginnings));
  const nodes = [...walk(program)];
  const functions = functionsByName(nodes);
  // Each name with the paths that it may stand for; '' is the parameter itself.
  const meanings = new Map<string, Set<string>>();
  const found = new Map<string, number>();
  // Names that have come to mean more since what reads them was looked at.
  const grown = new Set<string>();
  // What functions were handed already, by their name, the place and the path: calls that hand on the same add nothing.
  const handed = new Set<string>();

  function mean(name: string, path: string): void {
    const paths = meanings.get(name) ?? new Set();
    if (paths.has(path)) return;
    meanings.set(name, paths.add(path));
    grown.add(name);
  }

  function bind(pattern: Pattern, path: string): void {
    if (pattern.type === 'Identifier') mean(pattern.name, path);
    else if (pattern.type === 'AssignmentPattern') bind(pattern.left, path);
    else if (pattern.type === 'RestElement') bind(pattern.argument, path);
    else if (pattern.type === 'ObjectPattern') {
      for (const property of pattern.properties) {
        if (property.type === 'RestElement') bind(property.argument, path);
        else {
          const inner = below(path, property.computed ? textOf(property.key) : nameOf(property.key));
          if (inner === undefined) continue;
          note(inner, property);
          bind(property.value, inner);
        }
      }
    }
  }

  /** One level deeper; undefined where nothing is sought there, or the name is only known when it runs. */
  function below(path: string, name: string | undefined): string | undefined {
    if (name === undefined) return undefined;
    const deeper = path === '' ? name : `${path}.${name}`;
    return onTheWay.has(deeper) ? deeper : undefined;
  }

  function note(path: string, node: Node): void {
    const line = node.loc?.start.line ?? 0;
    if (wanted.has(path)) found.set(path, Math.min(line, found.get(path) ?? line));
  }

  function meaningsOf(node: AnyNode | null | undefined, levels = mostLevels): readonly string[] {
    if (node?.type === 'Identifier') return [...(meanings.get(node.name) ?? [])];
    const paths = partsOf(node, levels).flatMap((part) => meaningsOf(part, levels - 1));
    if (node?.type !== 'MemberExpression') return paths;
    const name = node.computed ? textOf(node.property) : nameOf(node.property);
    return paths.flatMap((path) => below(path, name) ?? []);
  }

  function handOn(name: string, at: number, path: string): void {
    const key = `${name} ${at} ${path}`;
    if (handed.has(key)) return;
    handed.add(key);
    for (const { params } of functions.get(name) ?? []) if (params[at]) bind(params[at], path);
  }

  function follow({ node, at }: Reader): void {
    if (node.type === 'VariableDeclarator') {
      for (const path of meaningsOf(node.init)) bind(node.id, path);
    } else if (node.type === 'AssignmentExpression') {
      for (const path of meaningsOf(node.right)) bind(node.left, path);
    } else if (node.type === 'CallExpression' && node.callee.type === 'Identifier') {
      for (const path of meaningsOf(node.arguments[at])) handOn(node.callee.name, at, path);
    } else if (node.type === 'MemberExpression') {
      for (const path of meaningsOf(node)) note(path, node);
    }
  }

  for (const handler of handlersOf(nodes, functions, handlers)) {
    const given = handler.params[place];
    if (given) bind(given, '');
  }
  const readers = readersByName(nodes);
  // What grows meanwhile comes once more, behind the others.
  for (const name of grown) {
    grown.delete(name);
    for (const reader of readers.get(name) ?? []) follow(reader);
  }
  return [...found].map(([path, line]) => ({ path, line }));
}

/** What may stand for a value: either side of `||`, what a member is of; nothing where it is nested without end. */
function partsOf(node: AnyNode | null | undefined, levels: number): AnyNode[] {
  if (levels === 0) return [];
  switch (node?.type) {
    case 'ChainExpression':
      return [node.expression];
    case 'LogicalExpression':
      return [node.left, node.right];
    case 'ConditionalExpression':
      return [node.consequent, node.alternate];
    case 'MemberExpression':
      return [node.object];
    default:
      return [];
  }
}

/** Where something is handed on from a name; `at`: as which argument of a call. */
type Reader = { readonly node: AnyNode; readonly at: number };

function readersByName(nodes: readonly AnyNode[]): Map<string, Reader[]> {
  const readers = new Map<string, Reader[]>();
  function read(value: AnyNode | null | undefined, node: AnyNode, at = 0, levels = mostLevels): void {
    if (value?.type === 'Identifier') {
      const known = readers.get(value.name) ?? [];
      const last = known.at(-1);
      if (last?.node !== node || last.at !== at) known.push({ node, at });
      readers.set(value.name, known);
    }
    for (const part of partsOf(value, levels)) read(part, node, at, levels - 1);
  }
  for (const node of nodes) {
    if (node.type === 'VariableDeclarator') read(node.init, node);
    else if (node.type === 'AssignmentExpression') read(node.right, node);
    else if (node.type === 'CallExpression') for (const [at, one] of node.arguments.entries()) read(one, node, at);
    else if (node.type === 'MemberExpression') read(node, node);
  }
  return readers;
}

/** `a.b.c`: `a`, `a.b`, `a.b.c`. */
function beginnings(path: string): string[] {
  const names = path.split('.');
  return names.map((_, place) => names.slice(0, place + 1).join('.'));
}

/** A function that is written out. */
export function isCallable(node: AnyNode | null | undefined): node is Callable & AnyNode {
  return (
    node?.type === 'FunctionExpression' ||
    node?.type === 'ArrowFunctionExpression' ||
    node?.type === 'FunctionDeclaration'
  );
}

/** `function one() {}`, `const one = () => {}`, `one = function () {}`. */
function functionsByName(nodes: readonly AnyNode[]): Map<string, Callable[]> {
  const named = new Map<string, Callable[]>();
  const keep = (name: string, one: Callable) => {
    const known = named.get(name);
    if (known) known.push(one);
    else named.set(name, [one]);
  };
  for (const node of nodes) {
    if (node.type === 'FunctionDeclaration' && node.id) keep(node.id.name, node);
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && isCallable(node.init)) {
      keep(node.id.name, node.init);
    }
    if (node.type === 'AssignmentExpression' && node.left.type === 'Identifier' && isCallable(node.right)) {
      keep(node.left.name, node.right);
    }
  }
  return named;
}

/** The functions that a program exports by these names. */
export function exportedHandlers(nodes: readonly AnyNode[], names: readonly string[]): Callable[] {
  return handlersOf(nodes, functionsByName(nodes), names);
}

/** `exports.onExecutePostLogin = ...`, `module.exports = { onExecutePostLogin }`, by function or by its name. */
function handlersOf(
  nodes: readonly AnyNode[],
  functions: ReadonlyMap<string, Callable[]>,
  names: readonly string[],
): Callable[] {
  const found = new Set<Callable>();
  // A function is exported by its name, however often that is said.
  const exported = new Set<string>();
  for (const node of nodes) {
    const value = exportedBy(node, names);
    if (isCallable(value)) found.add(value);
    else if (value?.type === 'Identifier') exported.add(value.name);
  }
  for (const name of exported) for (const one of functions.get(name) ?? []) found.add(one);
  return [...found];
}

/** What stands for one of these names in an assignment or a property. */
function exportedBy(node: AnyNode, names: readonly string[]): AnyNode | undefined {
  if (node.type === 'AssignmentExpression' && node.left.type === 'MemberExpression') {
    const name = node.left.computed ? textOf(node.left.property) : nameOf(node.left.property);
    return name !== undefined && names.includes(name) ? node.right : undefined;
  }
  if (node.type !== 'Property' || node.value.type === 'AssignmentPattern') return undefined;
  const name = node.computed ? textOf(node.key) : nameOf(node.key);
  return name !== undefined && names.includes(name) ? node.value : undefined;
}
