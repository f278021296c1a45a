import type { AnyNode, Node } from 'acorn';
import { nameOf, textOf, walk } from '../../base/syntax-tree.ts';

/** The second factors that code may ask for, in Auth0's words. Recovery codes come with every factor that is added. */
export const factorTypes = {
  challenge: ['otp', 'phone', 'email', 'recovery-code'],
  enrol: ['otp', 'phone', 'email'],
} as const;

const calls: Readonly<Record<string, readonly string[]>> = {
  challengeWith: factorTypes.challenge,
  challengeWithAny: factorTypes.challenge,
  enrollWith: factorTypes.enrol,
  enrollWithAny: factorTypes.enrol,
};

/**
 * The factors that code asks for by name and that cannot work here, as far as their types are written out in the call
 * or in what is handed to it by a name. What is hidden from this look throws when it is called.
 */
export function impossibleFactors(program: Node): { type: string; call: string; line: number }[] {
  const nodes = [...walk(program)];
  const declared = declarations(nodes);
  // What was looked at for a call, by its name: however often it is handed over, it says the same again.
  const looked = new Map<string, Set<AnyNode>>();
  return nodes.flatMap((node) => {
    if (node.type !== 'CallExpression') return [];
    const call = calledName(node.callee);
    const possible = call !== undefined && Object.hasOwn(calls, call) ? calls[call] : undefined;
    if (call === undefined || !possible) return [];
    const before = looked.get(call) ?? new Set();
    looked.set(call, before);
    const roots = node.arguments
      .flatMap((one) => [one, ...declaredAs(one, declared)])
      .filter((one) => !before.has(one));
    for (const root of roots) before.add(root);
    const types = roots.flatMap(typesIn);
    return types.flatMap(({ type, line }) => (possible.includes(type) ? [] : [{ type, call, line }]));
  });
}

function calledName(callee: AnyNode): string | undefined {
  if (callee.type === 'Identifier') return callee.name;
  return callee.type === 'MemberExpression' ? nameOf(callee.property) : undefined;
}

/** Each `type: '...'` in it. */
function typesIn(root: AnyNode): { type: string; line: number }[] {
  return [...walk(root)].flatMap((node) => {
    if (node.type !== 'Property' || node.computed || nameOf(node.key) !== 'type') return [];
    const type = textOf(node.value);
    return type === undefined ? [] : [{ type, line: node.loc?.start.line ?? 0 }];
  });
}

/** What names are declared as. */
export function declarations(nodes: readonly AnyNode[]): ReadonlyMap<string, AnyNode[]> {
  const declared = new Map<string, AnyNode[]>();
  for (const node of nodes) {
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier' || !node.init) continue;
    const known = declared.get(node.id.name);
    if (known) known.push(node.init);
    else declared.set(node.id.name, [node.init]);
  }
  return declared;
}

/** Names in an argument stand for what they are declared as. */
function declaredAs(argument: AnyNode, declared: ReadonlyMap<string, AnyNode[]>): AnyNode[] {
  const names = new Set([...walk(argument)].flatMap((node) => (node.type === 'Identifier' ? [node.name] : [])));
  return [...names].flatMap((name) => declared.get(name) ?? []);
}
