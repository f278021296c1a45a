import { Script } from 'node:vm';
import { parse } from 'acorn';
import { Problem } from '../../base/errors.ts';

/** Where a script is wrong; lines and columns count from 1. */
export type SyntaxFault = { readonly message: string; readonly line: number; readonly column: number };

/** Where the script is no expression of one function; undefined: nowhere. It is compiled, and never run. */
export function findSyntaxFault(script: string): SyntaxFault | undefined {
  return compile(script) ?? (isOneFunction(script) ? undefined : { message: shape, line: 1, column: 1 });
}

const shape = 'A rule is one function: function (user, context, callback) { ... }';

/** @throws Problem `invalid_body` that says where the script is wrong */
export function checkScript(script: string): void {
  const fault = findSyntaxFault(script);
  if (!fault) return;
  const { message, line, column } = fault;
  throw new Problem(
    'invalid_body',
    `Payload validation error: '${message} (line ${line}, column ${column})' on property script.`,
  );
}

function compile(script: string): SyntaxFault | undefined {
  try {
    new Script(`(\n${script}\n)`, { filename: 'rule.js', lineOffset: -1 });
    return undefined;
  } catch (error) {
    return toFault(error, script);
  }
}

/** V8 tells where in the first lines of the stack: `rule.js:3`, the line, and a mark below the column. */
function toFault(error: unknown, script: string): SyntaxFault {
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  const [place = '', , mark = ''] = stack.split('\n');
  const lines = script.split('\n');
  const told = Number(/^rule\.js:(\d+)$/.exec(place)?.[1] ?? 1);
  const last = lines.at(-1) ?? '';
  // Behind the last line stands our bracket.
  if (told > lines.length) return { message, line: lines.length, column: last.length + 1 };
  return { message, line: Math.max(told, 1), column: Math.max(mark.indexOf('^') + 1, 1) };
}

/** Is it one function and nothing behind it? What closes our bracket and opens another is code, but no expression. */
function isOneFunction(script: string): boolean {
  try {
    const { body } = parse(`(\n${script}\n)`, { ecmaVersion: 'latest', sourceType: 'script' });
    const [only, more] = body;
    if (more || only?.type !== 'ExpressionStatement') return false;
    return only.expression.type === 'FunctionExpression' || only.expression.type === 'ArrowFunctionExpression';
  } catch {
    return false;
  }
}
