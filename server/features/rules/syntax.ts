import { Script } from 'node:vm';
import { Problem } from '../../base/errors.ts';

/** Where a script is wrong; lines and columns count from 1. */
export type SyntaxFault = { readonly message: string; readonly line: number; readonly column: number };

const looksLikeFunction = /^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:async\s+)?(?:function\b|\(|[\w$]+\s*=>)/;

/** Where the script is no expression of one function; undefined: nowhere. It is compiled, and never run. */
export function findSyntaxFault(script: string): SyntaxFault | undefined {
  const fault = compile('(', script, ')');
  if (fault) return fault;
  // What closes the bracket before it and opens another one is no expression, though together they are code.
  if (compile('[', script, ']') || !looksLikeFunction.test(script)) {
    const message = 'A rule is one function: function (user, context, callback) { ... }';
    return { message, line: 1, column: 1 };
  }
  return undefined;
}

/** @throws Problem `invalid_body` that says where the script is wrong */
export function checkScript(script: string): void {
  const fault = findSyntaxFault(script);
  if (!fault) return;
  const { message, line, column } = fault;
  throw new Problem(
    'invalid_body',
    `Payload validation error: '${message} (line ${line}, column ${column})' on property script.`,
    { errorCode: 'invalid_body', line, column },
  );
}

function compile(before: string, script: string, behind: string): SyntaxFault | undefined {
  try {
    new Script(`${before}\n${script}\n${behind}`, { filename: 'rule.js', lineOffset: -1 });
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
  // Behind the last line stands our bracket.
  const line = Math.min(told, lines.length);
  const column = told > lines.length ? (lines.at(-1)?.length ?? 0) + 1 : mark.indexOf('^') + 1;
  return { message, line, column: Math.max(column, 1) };
}
