import { parse } from 'acorn';

/**
 * The script with its `function` as a method. It stays what it was, sloppy code with a `this` and `arguments` of its own;
 * but of a method nobody finds the callback by `caller.arguments`, as a getter does that another rule has left where this
 * one looks.
 *
 * @param script an expression of one function
 */
export function asMethod(script: string): string {
  const found = functionIn(script);
  if (!found) return script;
  const { start, end, name, from } = found;
  // Its lines stay where they are.
  const lines = script.slice(start, from).replace(/.+/g, '');
  const method = `{ ${name ?? 'rule'}${lines}${script.slice(from, end)} }.${name ?? 'rule'}`;
  // By its own name it calls itself.
  const made = name === undefined ? `(${method})` : `(() => { var ${name} = ${method}; return ${name}; })()`;
  const text = script.slice(0, start) + made + script.slice(end);
  // A function may have two parameters of one name, which a method may not.
  return bodyOf(text) ? text : script;
}

/** Where it is in the script, and where its parameters begin; undefined where it is of another kind. */
function functionIn(script: string) {
  const [only] = bodyOf(script) ?? [];
  if (only?.type !== 'ExpressionStatement' || only.expression.type !== 'FunctionExpression') return undefined;
  const { start, end, async, generator, id, params, body } = only.expression;
  if (async || generator) return undefined;
  // Nothing but comments stands before the bracket.
  const behind = id ? id.end : start + 'function'.length + 1;
  const head = script.slice(behind - 1, (params[0] ?? body).start - 1);
  const from = behind - 1 + bracketIn(head);
  return { start: start - 1, end: end - 1, name: id?.name, from };
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
