import { type Token, tokenizer, tokTypes } from 'acorn';

/**
 * Which of the sought names stand in a script, and not as that of a property. It is called by `readApart`.
 *
 * @returns null: it is no code that runs
 */
export function namesIn(script: string, sought: readonly string[]): string[] | null {
  const names = new Set<string>();
  try {
    let [before, token]: (Token | undefined)[] = [];
    const note = (next?: Token) => {
      if (token?.type !== tokTypes.name || isProperty(before)) return;
      const name = script.slice(token.start, token.end);
      if (!isKey(before, next) && !(name === 'async' && isKeyword(next))) names.add(name);
    };
    for (const next of tokenizer(script, { ecmaVersion: 'latest' })) {
      note(next);
      [before, token] = [token, next];
    }
    note();
    return sought.filter((name) => names.has(name));
  } catch {
    return null;
  }
}

function isProperty(before: Token | undefined): boolean {
  return before?.type === tokTypes.dot || before?.type === tokTypes.questionDot;
}

function isKey(before: Token | undefined, next: Token | undefined): boolean {
  return next?.type === tokTypes.colon && (before?.type === tokTypes.braceL || before?.type === tokTypes.comma);
}

/** `async function`, `async user =>`, `async (user) =>`: the library of that name is no function. */
function isKeyword(next: Token | undefined): boolean {
  return next?.type === tokTypes._function || next?.type === tokTypes.name || next?.type === tokTypes.parenL;
}
