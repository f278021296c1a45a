import { type AnyNode, type Node, parseExpressionAt } from 'acorn';
import { refusedRequires, worldFiles } from '../../base/sandbox/world.ts';
import { linesOfTexts, namesGivenBy, walk } from '../../base/syntax-tree.ts';
import { differenceOf, managementDifferences } from './differences.ts';
import { findSyntaxFault } from './syntax.ts';

/** Something about a script from Auth0 that is not here as it was there. */
export type Finding = {
  readonly message: string;
  readonly line: number | null;
  /** Because of it the script does not run, or fails where it comes to it. */
  readonly stops: boolean;
  /** It fails until a setting of the umbrella is changed. */
  readonly waits: boolean;
};

const mostBytes = 100 * 1024;

/**
 * Looks at a script that is brought along, without running it: whether it runs here as it is, and if not, why.
 *
 * @param reachesAll whether code may read and change everybody, or the customer who signs in alone
 */
export async function judgeScript(script: string, reachesAll: boolean): Promise<Finding[]> {
  const fault = findSyntaxFault(script);
  if (fault) return [stop(`${fault.message} (column ${fault.column})`, fault.line)];
  const { missing, replaced } = await worldFiles({ scripts: [script] });
  const lineOf = linesOfTexts(script);
  const findings = [
    ...missing.map(({ name, message }) => stop(message, lineOf(name))),
    ...replaced.map(({ name, message }) => ({ ...stop(message, lineOf(name)), stops: false })),
  ];
  if (new TextEncoder().encode(script).length > mostBytes) {
    findings.push(stop('A script has at most 100 kB.', null));
  }
  const program = parseExpressionAt(script, 0, { ecmaVersion: 'latest', locations: true });
  const nodes = [...walk(program)];
  const own = namesGivenIn(nodes);
  for (const node of nodes) {
    const difference = differenceOf(node, own, reachesAll);
    if (difference) findings.push({ waits: false, ...difference, line: node.loc?.start.line ?? null });
  }
  findings.push(...managementDifferences(nodes, reachesAll).map((one) => ({ waits: false, ...one })));
  findings.push(...refusedRequires(nodes).map(({ message, line }) => stop(message, line)));
  if (!callsBack(program, nodes)) {
    findings.push(stop('It never calls its third parameter, so each sign-in would wait for it until the deadline.', 1));
  }
  return onePerMessage(findings);
}

function stop(message: string, line: number | null): Finding {
  return { message, line, stops: true, waits: false };
}

/** Names of its own functions, parameters, classes and variables, wherever they stand. */
function namesGivenIn(nodes: readonly AnyNode[]): Set<string> {
  return new Set(nodes.flatMap(patternsOf).flatMap(namesGivenBy));
}

function patternsOf(node: AnyNode): (AnyNode | null | undefined)[] {
  switch (node.type) {
    case 'VariableDeclarator':
    case 'ClassDeclaration':
    case 'ClassExpression':
      return [node.id];
    case 'FunctionDeclaration':
    case 'FunctionExpression':
      return [node.id, ...node.params];
    case 'ArrowFunctionExpression':
      return node.params;
    case 'CatchClause':
      return [node.param];
    case 'AssignmentExpression':
      return [node.left];
    default:
      return [];
  }
}

/** Its callback is named somewhere besides in the head of the function. */
function callsBack(program: Node, nodes: readonly AnyNode[]): boolean {
  const [head] = walk(program);
  if (head?.type !== 'FunctionExpression' && head?.type !== 'ArrowFunctionExpression') return true;
  const callback = head.params[2];
  if (callback?.type !== 'Identifier') return callback !== undefined;
  return nodes.filter((node) => node.type === 'Identifier' && node.name === callback.name).length > 1;
}

/** Each once, at the first line where it holds. */
function onePerMessage(findings: readonly Finding[]): Finding[] {
  const inOrder = findings.toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0));
  return [...Map.groupBy(inOrder, ({ message }) => message).values()].flatMap(([first]) => first ?? []);
}
