import type { AnyNode, Function as Callable, Node, Pattern } from 'acorn';
import { nameOf, namesGivenBy, textOf } from '../../base/syntax-tree.ts';
import { exportedHandlers, isCallable, type MemberPath } from './member-paths.ts';
import { type Binding, bindingOf, type Placed, placeNodes, type Scope } from './scopes.ts';

/** How often names are followed to other names: code that people write stays far from it. */
const mostRounds = 5;

/** Parts of one expression that are looked at for `api.group.name`. */
const mostLevels = 6;

const asks = new Set(['hasOwn', 'hasOwnProperty', 'has']);
const everyObjectHas = new Set(Object.getOwnPropertyNames(Object.prototype));

/**
 * The members that a program takes of its handlers' `api` as if they were there, and that are not: it would fail where it
 * comes to them. Names count where they mean `api` and nothing else; what the program looks for before (`if (api.x)`,
 * `api.x?.y`), or lays there itself, is its own affair.
 *
 * @param handlers what the module exports for a trigger
 * @param isThere whether there is such a member or group of members, such as `access.deny`
 */
export function absentMembers(
  program: Node,
  handlers: readonly string[],
  isThere: (path: string) => boolean,
): MemberPath[] {
  const placed = placeNodes(program);
  const has = (path: string) => path === '' || isThere(path) || everyObjectHas.has(path.replace(/^.*\./, ''));
  const pathAt = followedFrom(placed, handlers, has);
  const looked = lookedFor(placed, pathAt);
  const found = new Map<string, number>();
  for (const { node, scope } of placed) {
    const needed = neededBy(node);
    const path = needed && pathAt(needed, scope);
    if (path === undefined || has(path) || isLookedFor(path, looked, has)) continue;
    const line = needed?.loc?.start.line ?? 0;
    found.set(path, Math.min(line, found.get(path) ?? line));
  }
  // `api.one.two()` is told as that, and not as `api.one` once more.
  const groups = new Set([...found.keys()].filter((path) => path.includes('.')).map(groupOf));
  return [...found].filter(([path]) => !groups.has(path)).map(([path, line]) => ({ path, line }));
}

const groupOf = (path: string) => path.split('.')[0] ?? path;

type PathAt = (node: AnyNode, scope: Scope, levels?: number) => string | undefined;

/** What must be there so that this node does not fail. */
function neededBy(node: AnyNode): AnyNode | undefined {
  if (node.type === 'CallExpression' && !node.optional) {
    return node.callee.type === 'Super' ? undefined : node.callee;
  }
  if (node.type === 'MemberExpression' && !node.optional) return node.object;
  return node.type === 'VariableDeclarator' && node.id.type === 'ObjectPattern' ? (node.init ?? undefined) : undefined;
}

/** Follows `api` from the handlers through other names, destructuring and calls of the program's own functions. */
function followedFrom(placed: readonly Placed[], handlers: readonly string[], has: (path: string) => boolean): PathAt {
  // Undefined: it stands for other things, too.
  const meanings = new Map<Binding, string | undefined>();
  // Undefined: there are several of this name.
  const functions = new Map<Binding, Callable | undefined>();
  const scopes = new Map<Callable, Scope>();
  let hasGrown = true;

  const pathAt: PathAt = (node, scope, levels = mostLevels) => {
    if (node.type === 'Identifier') {
      const binding = bindingOf(node.name, scope);
      return binding && meanings.get(binding);
    }
    if (levels === 0) return undefined;
    if (node.type === 'ChainExpression') return pathAt(node.expression, scope, levels - 1);
    if (node.type !== 'MemberExpression') return undefined;
    const of = pathAt(node.object, scope, levels - 1);
    return of === undefined ? undefined : below(of, node.computed ? textOf(node.property) : nameOf(node.property));
  };

  function bind(pattern: Pattern, path: string, scope: Scope): void {
    if (pattern.type === 'Identifier') {
      const binding = bindingOf(pattern.name, scope);
      if (binding && !meanings.has(binding)) {
        meanings.set(binding, path);
        hasGrown = true;
      } else if (binding && meanings.get(binding) !== path) meanings.set(binding, undefined);
    } else if (pattern.type === 'AssignmentPattern' && has(path)) bind(pattern.left, path, scope);
    else if (pattern.type === 'ObjectPattern') {
      for (const property of pattern.properties) {
        if (property.type === 'RestElement') {
          bind(property.argument, path, scope);
          continue;
        }
        const inner = below(path, property.computed ? textOf(property.key) : nameOf(property.key));
        if (inner !== undefined) bind(property.value, inner, scope);
      }
    }
  }

  const declared = new Set<Binding>();
  for (const { node, scope } of placed) {
    if (isCallable(node)) scopes.set(node, scope);
    for (const [name, where] of namesOf(node, scope)) {
      const binding = bindingOf(name, where);
      if (!binding) continue;
      const one = node.type === 'VariableDeclarator' ? node.init : node;
      if (isCallable(one)) functions.set(binding, functions.has(binding) ? undefined : one);
      if (node.type === 'AssignmentExpression' || declared.has(binding)) meanings.set(binding, undefined);
      declared.add(binding);
    }
  }
  for (const handler of exportedHandlers(
    placed.map(({ node }) => node),
    handlers,
  )) {
    const [, given] = handler.params;
    const scope = scopes.get(handler);
    if (given && scope) bind(given, '', scope);
  }
  for (let round = 0; hasGrown && round < mostRounds; round++) {
    hasGrown = false;
    for (const { node, scope } of placed) {
      if (node.type === 'VariableDeclarator' && node.init) {
        const path = pathAt(node.init, scope);
        if (path !== undefined) bind(node.id, path, scope);
      } else if (node.type === 'CallExpression' && node.callee.type === 'Identifier') {
        handOn(node.callee.name, node.arguments, scope);
      }
    }
  }
  return pathAt;

  function handOn(name: string, given: readonly AnyNode[], scope: Scope): void {
    const binding = bindingOf(name, scope);
    const called = binding && functions.get(binding);
    const inner = called && scopes.get(called);
    if (!called || !inner) return;
    for (const [place, argument] of given.entries()) {
      const [path, parameter] = [pathAt(argument, scope), called.params[place]];
      if (path !== undefined && parameter) bind(parameter, path, inner);
    }
  }
}

/** Names that a node declares or assigns to, and where they are looked up. */
function namesOf(node: AnyNode, scope: Scope): [name: string, where: Scope][] {
  if (node.type === 'FunctionDeclaration') return namesGivenBy(node.id).map((name) => [name, scope.outer ?? scope]);
  if (node.type === 'AssignmentExpression') return namesGivenBy(node.left).map((name) => [name, scope]);
  if (node.type !== 'VariableDeclarator' || !node.init) return [];
  return namesGivenBy(node.id).map((name) => [name, scope]);
}

/** What a program looks for or lays down: paths, and names that it asks any object for. */
type LookedFor = { readonly paths: ReadonlySet<string>; readonly names: ReadonlySet<string> };

function lookedFor(placed: readonly Placed[], pathAt: PathAt): LookedFor {
  const paths = new Set<string>();
  const names = new Set<string>();
  for (const { node, scope } of placed) {
    for (const one of questionsIn(node)) {
      const path = pathAt(one, scope);
      const asksByName = node.type === 'CallExpression' || (node.type === 'BinaryExpression' && node.operator === 'in');
      const name = asksByName ? textOf(one) : undefined;
      if (path !== undefined) paths.add(path);
      if (name !== undefined) names.add(name);
    }
  }
  return { paths, names };
}

/** Parts of a node that ask whether something is there, or lay it there. */
function questionsIn(node: AnyNode): readonly AnyNode[] {
  switch (node.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
    case 'WhileStatement':
      return [node.test];
    case 'LogicalExpression':
    case 'BinaryExpression':
      return [node.left, node.right];
    case 'UnaryExpression':
      return [node.argument];
    case 'AssignmentExpression':
      return [node.left];
    case 'MemberExpression':
      return node.optional ? [node.object] : [];
    case 'CallExpression': {
      const { callee } = node;
      const isAsking = callee.type === 'MemberExpression' && asks.has(nameOf(callee.property) ?? '');
      return [...(node.optional ? [callee] : []), ...(isAsking ? node.arguments : [])];
    }
    default:
      return [];
  }
}

/** It itself, or that which it would be a part of. */
function isLookedFor(path: string, { paths, names }: LookedFor, has: (path: string) => boolean): boolean {
  const group = groupOf(path);
  return paths.has(path) || (!has(group) && paths.has(group)) || path.split('.').some((name) => names.has(name));
}

/** One level deeper; no member of `api` is deeper than two. */
function below(path: string, name: string | undefined): string | undefined {
  if (name === undefined || path.includes('.')) return undefined;
  return path === '' ? name : `${path}.${name}`;
}
