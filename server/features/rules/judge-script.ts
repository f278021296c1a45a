import { type AnyNode, type Node, parseExpressionAt } from 'acorn';
import { worldFiles } from '../../base/sandbox/world.ts';
import { pathOf, walk } from './script-nodes.ts';
import { findSyntaxFault } from './syntax.ts';

/** Something about a script from Auth0 that is not here as it was there. */
export type Finding = {
  readonly message: string;
  readonly line: number | null;
  /** Because of it the script does not run, or fails where it comes to it. */
  readonly stops: boolean;
};

// What rules have of Auth0's client.
const ofAuth0 = ['users', 'users.updateUserMetadata', 'users.updateAppMetadata', 'accessToken', 'domain', 'baseUrl'];
const mostBytes = 100 * 1024;

/** Looks at a script that is brought along, without running it: whether it runs here as it is, and if not, why. */
export async function judgeScript(script: string): Promise<Finding[]> {
  const fault = findSyntaxFault(script);
  if (fault) return [{ message: `${fault.message} (column ${fault.column})`, line: fault.line, stops: true }];
  const { missing } = await worldFiles({ scripts: [script] });
  const findings: Finding[] = missing.map(({ name, message }) => ({
    message,
    line: lineOf(script, name),
    stops: true,
  }));
  if (new TextEncoder().encode(script).length > mostBytes) {
    findings.push({ message: 'A script has at most 100 kB.', line: null, stops: true });
  }
  const program = parseExpressionAt(script, 0, { ecmaVersion: 'latest', locations: true });
  const nodes = [...walk(program)];
  for (const node of nodes) {
    const path = pathOf(node);
    const line = node.loc?.start.line ?? null;
    if (path !== undefined && isNotOfAuth0(path)) {
      const message = `${path} is not there: auth0 has users.updateUserMetadata, users.updateAppMetadata, accessToken, domain and baseUrl. What else it did is a call of the Management API.`;
      findings.push({ message, line, stops: true });
    }
    if (path === 'context.samlConfiguration') {
      const message = 'Portals do not come by SAML here: what is set in context.samlConfiguration does nothing.';
      findings.push({ message, line, stops: false });
    }
  }
  if (!callsBack(program, nodes)) {
    const message = 'It never calls its third parameter, so each sign-in would wait for it until the deadline.';
    findings.push({ message, line: 1, stops: true });
  }
  return onePerMessage(findings);
}

/** The first part that is not there: what stands below it is not told once more. */
function isNotOfAuth0(path: string): boolean {
  const [, member] = /^auth0\.((?:users\.)?\w+)$/.exec(path) ?? [];
  return member !== undefined && !ofAuth0.includes(member);
}

/** Its callback is named somewhere besides in the head of the function. */
function callsBack(program: Node, nodes: readonly AnyNode[]): boolean {
  const [head] = walk(program);
  if (head?.type !== 'FunctionExpression' && head?.type !== 'ArrowFunctionExpression') return true;
  const callback = head.params[2];
  if (callback?.type !== 'Identifier') return callback !== undefined;
  return nodes.filter((node) => node.type === 'Identifier' && node.name === callback.name).length > 1;
}

function onePerMessage(findings: readonly Finding[]): Finding[] {
  return [...Map.groupBy(findings, ({ message }) => message).values()].flatMap(([first]) => first ?? []);
}

function lineOf(script: string, name: string): number | null {
  const at = script.search(new RegExp(`['"\`]${RegExp.escape(name)}['"\`]`));
  return at < 0 ? null : script.slice(0, at).split('\n').length;
}
