import type { AnyNode } from 'acorn';
import { nameOf, textOf } from '../../syntax-tree.ts';
import { refusalOf, refusedModules } from './refused-names.ts';

/** What `net` has that works: it reads an address, and connects to none. */
const worksOfNet = ['isIP', 'isIPv4', 'isIPv6'];

/**
 * The modules of Node that code asks for by `require` and that refuse use, each where it is asked for first. `net` is none
 * of them where nothing is taken of it but what works.
 *
 * @param nodes all of the code's, with their places
 */
export function refusedRequires(nodes: readonly AnyNode[]): { readonly message: string; readonly line: number }[] {
  const asked = nodes.flatMap((node) => {
    const name = requiredBy(node);
    return name !== undefined && refusedModules.includes(name) ? [{ node, name }] : [];
  });
  const nets = new Set(asked.flatMap(({ node, name }) => (name === 'net' ? [node] : [])));
  const working = nets.size === 0 ? nets : workingAmong(nets, nodes);
  const refused = asked.filter(({ node }) => !working.has(node));
  return [...Map.groupBy(refused, ({ name }) => name)].map(([name, places]) => {
    const lines = places.map(({ node }) => node.loc?.start.line ?? 0);
    return { message: refusalOf(name), line: lines.reduce((one, other) => Math.min(one, other)) };
  });
}

function requiredBy(node: AnyNode): string | undefined {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'require') {
    return undefined;
  }
  const [named] = node.arguments;
  return named && textOf(named)?.replace(/^node:/, '');
}

/** Those calls of `require('net')` of which nothing is taken but what works. */
function workingAmong(nets: ReadonlySet<AnyNode>, nodes: readonly AnyNode[]): Set<AnyNode> {
  const working = new Set<AnyNode>();
  const named: { readonly net: AnyNode; readonly name: string }[] = [];
  for (const node of nodes) {
    if (node.type === 'MemberExpression' && nets.has(node.object) && takesWhatWorks(node)) working.add(node.object);
    const [to, net] =
      node.type === 'VariableDeclarator'
        ? [node.id, node.init]
        : node.type === 'AssignmentExpression'
          ? [node.left, node.right]
          : [];
    if (!to || !net || !nets.has(net)) continue;
    if (to.type === 'Identifier') named.push({ net, name: to.name });
    else if (to.type === 'ObjectPattern' && to.properties.every(takesWhatWorks)) working.add(net);
  }
  const misused = namesMisused(new Set(named.map(({ name }) => name)), nodes);
  for (const { net, name } of named) if (!misused.has(name)) working.add(net);
  return working;
}

/** Those of the names that stand anywhere but where they are given, or where something that works is taken of them. */
function namesMisused(names: ReadonlySet<string>, nodes: readonly AnyNode[]): Set<string> {
  const harmless = new Set<AnyNode | null | undefined>();
  for (const node of nodes) {
    if (node.type === 'MemberExpression') {
      if (takesWhatWorks(node)) harmless.add(node.object);
      if (!node.computed) harmless.add(node.property);
    } else if (node.type === 'Property' && !node.computed) harmless.add(node.key);
    else if (node.type === 'VariableDeclarator') harmless.add(node.id);
    else if (node.type === 'AssignmentExpression') harmless.add(node.left);
  }
  const used = nodes.filter((node) => node.type === 'Identifier' && names.has(node.name) && !harmless.has(node));
  return new Set(used.flatMap((node) => nameOf(node) ?? []));
}

function takesWhatWorks(node: AnyNode): boolean {
  const key = node.type === 'MemberExpression' ? node.property : node.type === 'Property' ? node.key : undefined;
  const isPlain = (node.type === 'MemberExpression' || node.type === 'Property') && !node.computed;
  const name = key && (isPlain ? nameOf(key) : textOf(key));
  return name !== undefined && worksOfNet.includes(name);
}
