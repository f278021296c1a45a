// The globals that Auth0's first rules found without `require`, by the package or the module of Node that stands there.
import { z } from 'zod';
import { readApart } from '../../read-apart.ts';
import { rememberByText } from '../../remember-by-text.ts';

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

const reader = new URL('./names-in.ts', import.meta.url);

/** Those that a script may mean: the name stands there, and not as that of a property. */
export const oldGlobalsIn = rememberByText(1000, async (script: string) => {
  const words = new Set(script.match(/[\w$]+/g));
  const sought = Object.keys(oldGlobals).filter((name) => words.has(name));
  if (sought.length === 0) return [];
  const found = await readApart(z.array(z.string()).nullable(), reader, 'namesIn', [script, sought], {
    isForSignIn: true,
  });
  // It is no code that runs, or none that is read in time; what it means is told as well as may be.
  const names = new Set(found ?? script.match(/(?<![\w$.])[\w$]+/g));
  return sought.filter((name) => names.has(name));
});
