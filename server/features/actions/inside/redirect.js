// Runs inside the sandbox: `api.redirect`. Tokens are JWTs (RFC 7519) signed with HS256.
'use strict';
(() => {
  const { parse, stringify } = JSON;
  const { now } = Date;
  const { floor } = Math;
  const { isInteger } = Number;
  const { keys } = Object;
  const { encodeURIComponent, decodeURIComponent } = globalThis;
  const { inside, own } = globalThis.$actions;
  const { encodeText, decodeText, sign } = inside.tokens;
  const { Error, RangeError, TypeError } = own;
  const { bare, codeAt, fault, get, indexOf, isArray, isObject, jsonOf, slice, text, textOf, webAddress } = own;
  const usualSeconds = 900;
  const mostSeconds = 86_400;
  const most = 16_384;

  /** As long for a wrong one as for a right one. */
  function isSame(one, other) {
    let difference = one.length ^ other.length;
    for (let at = 0; at < other.length; at += 1) difference |= codeAt(one, at) ^ codeAt(other, at);
    return difference === 0;
  }

  /** Before the first of these letters, and behind it; undefined: it is not there. */
  function halves(whole, letter) {
    const at = indexOf(whole, letter);
    return at < 0 ? undefined : bare({ before: slice(whole, 0, at), behind: slice(whole, at + 1) });
  }

  /** What a part of a token says; undefined: nothing. */
  function claimsIn(part) {
    try {
      const claims = parse(decodeText(part));
      return isObject(claims) ? claims : undefined;
    } catch {
      return undefined;
    }
  }

  function spacesOf(written) {
    const at = halves(written, '+');
    return at === undefined ? written : `${at.before} ${spacesOf(at.behind)}`;
  }

  function nameOf(pair) {
    const written = halves(pair, '=')?.before ?? pair;
    try {
      return decodeURIComponent(spacesOf(written));
    } catch {
      return written;
    }
  }

  /** An address whose query says this, and nothing else of that name. `URLSearchParams` is for actions to change. */
  function withQuery(address, name, value) {
    const fragment = halves(address, '#');
    const asked = halves(fragment?.before ?? address, '?');
    let query = '';
    for (let left = asked?.behind; left !== undefined; ) {
      const next = halves(left, '&');
      const pair = next?.before ?? left;
      if (pair !== '' && nameOf(pair) !== name) query += `${pair}&`;
      left = next?.behind;
    }
    query += `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
    return `${asked?.before ?? fragment?.before ?? address}?${query}${fragment === undefined ? '' : `#${fragment.behind}`}`;
  }

  globalThis.$actions.makeRedirect = ({ input, event, stop }) => {
    const { canRedirect, domain } = input;

    function encodeToken(options) {
      const secret = textOf(get(options, 'secret'), 'The secret');
      const seconds = get(options, 'expiresInSeconds') ?? usualSeconds;
      if (!isInteger(seconds) || seconds < 1 || seconds > mostSeconds) {
        throw fault(RangeError, `expiresInSeconds must be a whole number from 1 to ${mostSeconds}.`);
      }
      const payload = jsonOf(get(options, 'payload') ?? {}, 'The payload');
      if (!isObject(payload) || isArray(payload)) throw fault(TypeError, 'The payload must be an object.');
      const iat = floor(now() / 1000);
      const sub = get(get(event, 'user'), 'user_id');
      const ip = get(get(event, 'request'), 'ip');
      const claims = stringify(bare({ ...payload, iat, iss: domain, sub, exp: iat + seconds, ip }));
      if (claims.length > most) throw fault(RangeError, `The payload has more than ${most} characters of JSON.`);
      const head = encodeText(stringify(bare({ alg: 'HS256', typ: 'JWT' })));
      const body = `${head}.${encodeText(claims)}`;
      return `${body}.${sign(body, secret)}`;
    }

    function validateToken(options) {
      const secret = textOf(get(options, 'secret'), 'The secret');
      const name = get(options, 'tokenParameterName') ?? 'session_token';
      const request = get(event, 'request');
      const said = (key) => bare({ body: get(get(request, 'body'), key), query: get(get(request, 'query'), key) });
      const given = said(name);
      const token = textOf(given.body ?? given.query, `The ${text(name)}`, most);
      const first = halves(token, '.');
      const second = halves(first?.behind ?? '', '.');
      if (second === undefined || indexOf(second.behind, '.') >= 0) throw fault(Error, 'The token is no JWT.');
      const isSigned = isSame(second.behind, sign(`${first.before}.${second.before}`, secret));
      if (get(claimsIn(first.before), 'alg') !== 'HS256' || !isSigned) {
        throw fault(Error, 'The signature of the token is wrong.');
      }
      const payload = claimsIn(second.before);
      const exp = get(payload, 'exp');
      if (!(typeof exp === 'number' && exp * 1000 > now())) throw fault(Error, 'The token has expired.');
      const state = get(payload, 'state');
      const asked = said('state');
      if (typeof state !== 'string' || state !== (asked.query ?? asked.body)) {
        throw fault(Error, 'The state of the token is not that of the request.');
      }
      return payload;
    }

    function sendUserTo(address, options) {
      let url = webAddress(address, 'The address', most);
      const query = get(options, 'query');
      const names = isObject(query) ? keys(query) : bare([]);
      for (let at = 0; at < names.length; at += 1) {
        const value = query[names[at]];
        if (value !== undefined && value !== null) url = withQuery(url, names[at], text(value));
        if (url.length > most) throw fault(RangeError, 'The address is too long.');
      }
      return stop(bare({ url }));
    }

    return bare({
      'redirect.canRedirect': () => canRedirect,
      'redirect.encodeToken': encodeToken,
      'redirect.sendUserTo': sendUserTo,
      'redirect.validateToken': validateToken,
    });
  };
})();
