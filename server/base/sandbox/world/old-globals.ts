// The globals that Auth0's first rules found without `require`, by the package or the module of Node that stands there.

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
  return Object.keys(oldGlobals).filter((name) => new RegExp(`(?<![\\w$.])${name}\\s*[.(\\[,;)]`).test(script));
}
