// Runs inside the isolate, beside the driver: its text is taken as it is, and it uses nothing of this file but types.

import type { DriverPlan } from './driven.ts';

/**
 * What cannot be done of what a rule has left, in words: an address that is none, claims that no token holds. That is its
 * failure, under its own policy.
 *
 * @param state `[user, context]` as JSON: nothing in it is foreign code
 * @param before the user before all rules, as JSON
 */
export type StateJudge = (state: string, before: string) => string | undefined;

type Found = { [name: string]: unknown };

/** Made before foreign code runs. */
export function stateJudge({
  mostClaims,
  profileClaims,
}: Pick<DriverPlan, 'mostClaims' | 'profileClaims'>): StateJudge {
  const { stringify, parse } = JSON;
  const { apply, setPrototypeOf } = Reflect;
  const { exec } = RegExp.prototype;
  const { includes, indexOf } = String.prototype;
  const { isArray } = Array;
  const OwnUrl = URL;
  const { canParse } = URL;
  const webAddress = /^https?:\/\/[^\s/?#@\\]+(?:[/?#]|$)/i;
  // As JSON writes it; behind a backslash that is one itself it is a text.
  const noText = /(?:^|[^\\])(?:\\\\)*\\u(?:0000|d[89a-f])/i;
  // Claims are kept as deep as any JSON of ours; the rest has room for what is kept as deep in the profile.
  const [deepestClaims, deepest] = [64, 100];

  /** Does it stand in the text so often? */
  function hasMany(json: string, part: string, many: number): boolean {
    let at = -1;
    for (let count = 0; count < many; count += 1) {
      at = apply(indexOf, json, [part, at + 1]);
      if (at < 0) return false;
    }
    return true;
  }

  function isDeeper(json: string, most: number): boolean {
    let depth = 0;
    let isText = false;
    for (let at = 0; at < json.length; at += 1) {
      const one = json[at];
      if (isText && one === '\\') at += 1;
      else if (one === '"') isText = !isText;
      else if (isText) continue;
      else if (one === '[' || one === '{') depth += 1;
      else if (one === ']' || one === '}') depth -= 1;
      if (depth > most) return true;
    }
    return false;
  }

  function isWebAddress(url: unknown): boolean {
    return typeof url === 'string' && apply(exec, webAddress, [url]) !== null && apply(canParse, OwnUrl, [url]);
  }

  function isFound(value: unknown): value is Found {
    return typeof value === 'object' && value !== null && !isArray(value);
  }

  /** Without a prototype: what a rule put into that of all objects is not in it. */
  function own(value: Found): Found {
    setPrototypeOf(value, null);
    return value;
  }

  /** What of the profile is told otherwise than it was, as JSON. */
  function profileTold(user: Found, before: Found): string {
    let told = '';
    for (let at = 0; at < profileClaims.length; at += 1) {
      const name = profileClaims[at] ?? '';
      const value = user[name];
      if (typeof value === 'string' && value !== before[name]) told += `"${name}":${stringify(value)},`;
    }
    // In the place of the last comma a brace ends it.
    return told === '' ? '{}' : `{${told}`;
  }

  function wrongIn(claims: string): string | undefined {
    if (claims.length > mostClaims) return `Its claims are more than ${mostClaims} characters of JSON.`;
    if (isDeeper(claims, deepestClaims)) return `Its claims are nested more than ${deepestClaims} deep.`;
    if (apply(exec, noText, [claims]) === null) return undefined;
    return 'Its claims hold what is no text: a zero character, or half of one that takes two.';
  }

  return (state, before) => {
    const mayBeDeep = hasMany(state, '{', deepestClaims / 2) || hasMany(state, '[', deepestClaims / 2);
    const hasRedirect = apply(includes, state, ['"redirect":']);
    if (!mayBeDeep && !hasRedirect && state.length <= mostClaims && !apply(includes, state, ['\\u'])) return undefined;
    if (isDeeper(state, deepest)) return `What it left is nested more than ${deepest} deep.`;
    const left: [user: Found, context: Found] = parse(state);
    const { redirect, idToken, accessToken } = own(left[1]);
    if (isFound(redirect)) {
      const { url } = own(redirect);
      if (url !== undefined && url !== null && url !== '' && !isWebAddress(url)) {
        return 'context.redirect.url is no web address: it begins with https:// and has no name or password.';
      }
    }
    // Of scopes what is none is dropped.
    const access = isFound(accessToken) ? { ...accessToken, scope: undefined } : accessToken;
    return (
      wrongIn(stringify(idToken) ?? '') ??
      wrongIn(stringify(access) ?? '') ??
      wrongIn(profileTold(own(left[0]), own(parse(before))))
    );
  };
}
