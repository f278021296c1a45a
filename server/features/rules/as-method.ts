import { parse } from 'acorn';

/** Where the function of a script stands, and where its parameters begin. */
export type Method = {
  readonly start: number;
  readonly end: number;
  readonly from: number;
  readonly name: string | null;
};

/**
 * Where the function of a script is that can be a method; null where it is of another kind. It is called by `readApart`.
 *
 * @param script an expression of one function
 */
export function methodIn(script: string): Method | null {
  const found = functionIn(script);
  // A function may have two parameters of one name, which a method may not.
  return found && bodyOf(withMethod(script, found)) ? found : null;
}

/**
 * The script with its `function` as a method. It stays what it was, sloppy code with a `this` and `arguments` of its own;
 * but of a method nobody finds the callback by `caller.arguments`, as a getter does that another rule has left where this
 * one looks.
 */
export function withMethod(script: string, { start, end, from, name }: Method): string {
  // Its lines stay where they are.
  const lines = script.slice(start, from).replace(/.+/g, '');
  const method = `{ ${name ?? 'rule'}${lines}${script.slice(from, end)} }.${name ?? 'rule'}`;
  // By its own name it calls itself.
  const made = name === null ? `(${method})` : `(() => { var ${name} = ${method}; return ${name}; })()`;
  return script.slice(0, start) + made + script.slice(end);
}

function functionIn(script: string): Method | undefined {
  const [only] = bodyOf(script) ?? [];
  if (only?.type !== 'ExpressionStatement' || only.expression.type !== 'FunctionExpression') return undefined;
  const { start, end, async, generator, id, params, body } = only.expression;
  if (async || generator) return undefined;
  // Nothing but comments stands before the bracket.
  const behind = id ? id.end : start + 'function'.length + 1;
  const head = script.slice(behind - 1, (params[0] ?? body).start - 1);
  const from = behind - 1 + bracketIn(head);
  return { start: start - 1, end: end - 1, name: id?.name ?? null, from };
}

function bracketIn(head: string): number {
  return head.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, (comment) => ' '.repeat(comment.length)).indexOf('(');
}

function bodyOf(script: string) {
  try {
    return parse(`(${script}\n)`, { ecmaVersion: 'latest', sourceType: 'script' }).body;
  } catch {
    return undefined;
  }
}
