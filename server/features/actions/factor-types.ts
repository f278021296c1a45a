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
  return nodes.flatMap((node) => {
    if (node.type !== 'CallExpression') return [];
    const call = calledName(node.callee);
    const possible = call !== undefined && Object.hasOwn(calls, call) ? calls[call] : undefined;
    if (call === undefined || !possible) return [];
    const types = node.arguments.flatMap((one) => typesIn(one, nodes));
    return types.flatMap(({ type, line }) => (possible.includes(type) ? [] : [{ type, call, line }]));
  });
}

function calledName(callee: AnyNode): string | undefined {
  if (callee.type === 'Identifier') return callee.name;
  return callee.type === 'MemberExpression' ? nameOf(callee.property) : undefined;
}

/** Each `type: '...'` in an argument; names stand for what they are declared as. */
function typesIn(argument: AnyNode, nodes: readonly AnyNode[]): { type: string; line: number }[] {
  return [argument, ...declaredAs(argument, nodes)].flatMap((root) =>
    [...walk(root)].flatMap((node) => {
      if (node.type !== 'Property' || node.computed || nameOf(node.key) !== 'type') return [];
      const type = textOf(node.value);
      return type === undefined ? [] : [{ type, line: node.loc?.start.line ?? 0 }];
    }),
  );
}

function declaredAs(argument: AnyNode, nodes: readonly AnyNode[]): AnyNode[] {
  const names = [...walk(argument)].flatMap((node) => (node.type === 'Identifier' ? [node.name] : []));
  return nodes.flatMap((node) => {
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier' || !node.init) return [];
    return names.includes(node.id.name) ? [node.init] : [];
  });
}
