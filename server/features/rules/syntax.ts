import { Script } from 'node:vm';
import { parse } from 'acorn';
import { isTooDeep, nestedTooDeeply } from '../../base/syntax-tree.ts';

/** Where a script is wrong; lines and columns count from 1. */
export type SyntaxFault = { readonly message: string; readonly line: number; readonly column: number };

/**
 * Where the script is no expression of one function; null: nowhere. It is compiled, and never run; that may take minutes,
 * so it is called by `readApart`.
 */
export function findSyntaxFault(script: string): SyntaxFault | null {
  // Of nothing the compiler would tell our own bracket.
  if (script.trim() === '') return notOne;
  return compile(script) ?? findShapeFault(script) ?? null;
}

const notOne = { message: 'A rule is one function: function (user, context, callback) { ... }', line: 1, column: 1 };
const anAction = { ...notOne, message: `${notOne.message}. Code with exports is an action.` };
const noModule = 'A rule has no import and export: write const name = require("name") in place of import';
const tooDeep = { message: nestedTooDeeply, line: 1, column: 1 };

function compile(script: string): SyntaxFault | undefined {
  try {
    // As it runs: at the beginning of a line `-->` would be a comment.
    new Script(`(${script}\n)`, { filename: 'rule.js' });
    return undefined;
  } catch (error) {
    // V8 does not say where; acorn does, where it comes no deeper.
    if (isTooDeep(error)) return findShapeFault(script) ?? tooDeep;
    return isProgram(script) ? (/\bexports\b/.test(script) ? anAction : notOne) : toFault(error, script);
  }
}

/** Statements of another kind, as an action is: what is wrong is not where the compiler stumbles. */
function isProgram(script: string): boolean {
  try {
    const { body } = parse(script, { ecmaVersion: 'latest', sourceType: 'script' });
    return body.every(({ type }) => type !== 'FunctionDeclaration');
  } catch {
    return false;
  }
}

/** V8 tells where in the first lines of the stack: `rule.js:3`, the line, and a mark below the column. */
function toFault(error: unknown, script: string): SyntaxFault {
  const { message: says, stack = '' } = error instanceof Error ? error : new Error(String(error));
  const message = /outside a module|Unexpected token 'export'/.test(says) ? noModule : says;
  const [place = '', , mark = ''] = stack.split('\n');
  const lines = script.split('\n');
  const told = Number(/^rule\.js:(\d+)$/.exec(place)?.[1] ?? 1);
  const last = lines.at(-1) ?? '';
  // Behind the last line stands our bracket.
  if (told > lines.length) return { message, line: lines.length, column: last.length + 1 };
  // In the first line stands our bracket.
  const before = told > 1 ? 0 : 1;
  return { message, line: Math.max(told, 1), column: Math.max(mark.indexOf('^') + 1 - before, 1) };
}

/** It is one function, and nothing is behind it. What closes our bracket and opens another is code, but no expression. */
function findShapeFault(script: string): SyntaxFault | undefined {
  try {
    const { body } = parse(`(${script}\n)`, { ecmaVersion: 'latest', sourceType: 'script' });
    const [only, more] = body;
    const isFunction =
      only?.type === 'ExpressionStatement' &&
      (only.expression.type === 'FunctionExpression' || only.expression.type === 'ArrowFunctionExpression');
    return isFunction && !more ? undefined : notOne;
  } catch (error) {
    if (!isTooDeep(error)) return notOne;
    const [, line, column] = /\((\d+):(\d+)\)$/.exec(error instanceof Error ? error.message : '') ?? [];
    if (line === undefined) return tooDeep;
    return { ...tooDeep, line: Number(line), column: Number(column) + (line === '1' ? 0 : 1) };
  }
}
