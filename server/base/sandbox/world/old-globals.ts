// The globals that Auth0's first rules found without `require`, by the package or the module of Node that stands there.
import { type Token, tokenizer, tokTypes } from 'acorn';

/** What a script would have to ask for. */
export const oldGlobals: Record<string, string> = {
  // These versions, because code without `require` was written for them: `_.pluck`, `expiresInMinutes`, `uuid()`.
  _: 'lodash@2.4.1',
  jwt: 'jsonwebtoken@5.7.0',
  uuid: 'uuid@3.4.0',
  request: 'request@2.88.2',
  async: 'async@0.9.2',
  bcrypt: 'bcryptjs@3.0.3',
  ip: 'ip@1.1.9',
  pbkdf2: 'pbkdf2@3.1.7',
  q: 'q@1.5.1',
  xml2js: 'xml2js@0.6.2',
  xmldom: 'xmldom@0.6.0',
  xpath: 'xpath@0.0.34',
  xtend: 'xtend@4.0.2',
  crypto: 'crypto',
  querystring: 'querystring',
  url: 'url',
  util: 'util',
};

/** Those that a script may mean: the name stands there, and not as that of a property. */
export function oldGlobalsIn(script: string): string[] {
  const names = namesIn(script);
  return Object.keys(oldGlobals).filter((name) => names.has(name));
}

function namesIn(script: string): Set<string> {
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
    return names;
  } catch {
    // It is no code that runs; what it means is told as well as may be.
    return new Set(script.match(/(?<![\w$.])[\w$]+/g));
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
