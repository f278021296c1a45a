import { type AnyNode, type Node, parseExpressionAt } from 'acorn';
import type { Finding } from '../../../contract/code-check.ts';
import { refusedRequires } from '../../base/sandbox/world-names.ts';
import { namesGivenBy, walk } from '../../base/syntax-tree.ts';
import { differenceOf, managementDifferences } from './differences.ts';
import { findSyntaxFault } from './syntax.ts';
import { valuesRead } from './values-read.ts';

/** What the text of a script tells by itself. */
export type ScriptRead = {
  /** The code does not run at all: this is why. */
  readonly isBroken: boolean;
  readonly findings: readonly Finding[];
  /** Keys of the values of `configuration` that it reads; null: any of them. */
  readonly configuration: readonly string[] | null;
};

/** Reads a script without running it. It is called by `readApart`. */
export function readScript(script: string, reachesAll: boolean): ScriptRead {
  const fault = findSyntaxFault(script);
  if (fault) {
    const { message, line, column } = fault;
    return { isBroken: true, findings: [stop(`${message} (column ${column})`, line)], configuration: [] };
  }
  const findings: Finding[] = [];
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
  return { isBroken: false, findings, configuration: valuesRead(nodes) };
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
