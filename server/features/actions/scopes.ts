import type { AnyNode, Node } from 'acorn';
import { isNode, namesGivenBy } from '../../base/syntax-tree.ts';

/** One thing that a name stands for: a parameter, a variable, a function. */
export type Binding = { readonly name: string };

/** A piece of a program in which names mean the same. */
export type Scope = {
  readonly outer: Scope | undefined;
  /** The scope in which `var` is at home. */
  readonly home: Scope | undefined;
  readonly names: Map<string, Binding | undefined>;
};

/** A node, and where names in it are looked up. */
export type Placed = { readonly node: AnyNode; readonly scope: Scope };

/** Every node of a program with its scope; what a node stands in comes before it. */
export function placeNodes(program: Node): Placed[] {
  const placed: Placed[] = [];
  const waiting: { readonly part: unknown; readonly scope: Scope }[] = [{ part: program, scope: scopeIn(undefined) }];
  while (waiting.length > 0) {
    const { part, scope } = waiting.pop() ?? {};
    if (scope === undefined) continue;
    let inner = scope;
    if (isNode(part)) {
      inner = enter(part, scope);
      placed.push({ node: part, scope: inner });
    } else if (!Array.isArray(part)) continue;
    for (const one of Object.values(part).toReversed()) {
      if (typeof one === 'object' && one !== null) waiting.push({ part: one, scope: inner });
    }
  }
  return placed;
}

/** What a name stands for there; undefined: nothing of the program's own. */
export function bindingOf(name: string, scope: Scope): Binding | undefined {
  const passed: Scope[] = [];
  let at: Scope | undefined = scope;
  while (at !== undefined && !at.names.has(name)) {
    passed.push(at);
    at = at.outer;
  }
  const found = at?.names.get(name);
  // Each scope is climbed once for a name, however often it stands there.
  for (const one of passed) one.names.set(name, found);
  return found;
}

/** The scope that a node opens, with the names that it gives, or that in which it stands. */
function enter(node: AnyNode, scope: Scope): Scope {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression': {
      const inner = scopeIn(scope, true);
      if (node.type === 'FunctionDeclaration') give(scope, namesGivenBy(node.id));
      else if (node.type === 'FunctionExpression') give(inner, namesGivenBy(node.id));
      give(inner, node.params.flatMap(namesGivenBy));
      return inner;
    }
    case 'BlockStatement':
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
    case 'SwitchStatement':
    case 'StaticBlock':
      return scopeIn(scope);
    case 'CatchClause': {
      const inner = scopeIn(scope);
      give(inner, namesGivenBy(node.param));
      return inner;
    }
    case 'VariableDeclaration': {
      const where = node.kind === 'var' ? (scope.home ?? scope) : scope;
      give(
        where,
        node.declarations.flatMap(({ id }) => namesGivenBy(id)),
      );
      return scope;
    }
    case 'ClassDeclaration':
      give(scope, namesGivenBy(node.id));
      return scope;
    default:
      return scope;
  }
}

function scopeIn(outer: Scope | undefined, isHome = outer === undefined): Scope {
  const scope: Scope = { outer, home: isHome ? undefined : (outer?.home ?? outer), names: new Map() };
  return scope;
}

function give(scope: Scope, names: readonly string[]): void {
  for (const name of names) if (!scope.names.has(name)) scope.names.set(name, { name });
}
