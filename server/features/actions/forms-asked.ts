import type { Node } from 'acorn';
import { nameOf, textOf, walk } from '../../base/syntax-tree.ts';
import { declarations } from './factor-types.ts';

/** The questions that code shows by `api.prompt.render`, as far as their names are written out. */
export function formsAsked(program: Node): { name: string; line: number }[] {
  const nodes = [...walk(program)];
  const declared = declarations(nodes);
  const found = new Map<string, number>();
  for (const node of nodes) {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') continue;
    const { object, property } = node.callee;
    const group = nameOf(object.type === 'MemberExpression' ? object.property : object);
    const [given] = node.arguments;
    if (nameOf(property) !== 'render' || group !== 'prompt' || !given) continue;
    const said = given.type === 'Identifier' ? (declared.get(given.name) ?? []) : [given];
    // A name that may stand for several things tells nothing.
    const name = said.length === 1 && said[0] ? textOf(said[0]) : undefined;
    if (name !== undefined && !found.has(name)) found.set(name, node.loc?.start.line ?? 0);
  }
  return [...found].map(([name, line]) => ({ name, line }));
}
