// Runs inside the sandbox: `api.redirect`. Tokens are JWTs (RFC 7519) signed with HS256.
'use strict';
(() => {
  const { parse, stringify } = JSON;
  const { now } = Date;
  const { Buffer, require } = globalThis;
  const usualSeconds = 900;

  function encode(value) {
    return Buffer.from(stringify(value), 'utf8').toString('base64url');
  }

  function sign(text, secret) {
    return require('crypto').createHmac('sha256', secret).update(text).digest('base64url');
  }

  function decode(text) {
    return parse(Buffer.from(text, 'base64url').toString('utf8'));
  }

  /** As long for a wrong one as for a right one. */
  function isSame(one, other) {
    let difference = one.length ^ other.length;
    for (let at = 0; at < other.length; at++) difference |= one.charCodeAt(at) ^ other.charCodeAt(at);
    return difference === 0;
  }

  globalThis.$actions.makeRedirect = ({ input, textOf, webAddress, bytesOf, stop }) => {
    const { event, canRedirect, domain } = input;

    function encodeToken(options) {
      const secret = textOf(options?.secret, 'The secret');
      const { payload = {}, expiresInSeconds = usualSeconds } = options;
      if (!(Number(expiresInSeconds) > 0)) throw new RangeError('expiresInSeconds must be above 0.');
      const seconds = Math.floor(now() / 1000);
      const exp = seconds + Math.floor(Number(expiresInSeconds));
      const ours = { iat: seconds, iss: domain, sub: event.user?.user_id, exp, ip: event.request?.ip };
      const body = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ ...payload, ...ours })}`;
      return `${body}.${sign(body, secret)}`;
    }

    function validateToken(options) {
      const secret = textOf(options?.secret, 'The secret');
      const { tokenParameterName = 'session_token' } = options;
      const { query, body } = { ...event.request };
      const token = textOf(body?.[tokenParameterName] ?? query?.[tokenParameterName], `The ${tokenParameterName}`, 16384);
      const [head, claims, signature, ...more] = token.split('.');
      if (signature === undefined || more.length > 0) throw new Error('The token is no JWT.');
      if (decode(head).alg !== 'HS256' || !isSame(signature, sign(`${head}.${claims}`, secret))) {
        throw new Error('The signature of the token is wrong.');
      }
      const payload = decode(claims);
      if (!(typeof payload.exp === 'number' && payload.exp * 1000 > now())) throw new Error('The token has expired.');
      if (typeof payload.state !== 'string' || payload.state !== (query?.state ?? body?.state)) {
        throw new Error('The state of the token is not that of the request.');
      }
      return payload;
    }

    function sendUserTo(address, options) {
      const url = webAddress(address, 'The address');
      for (const [name, value] of Object.entries(options?.query ?? {})) {
        if (value !== undefined && value !== null) url.searchParams.set(name, String(value));
      }
      if (bytesOf(url.href) > 16384) throw new RangeError('The address is too long.');
      return stop({ url: url.href });
    }

    return {
      'redirect.canRedirect': () => canRedirect,
      'redirect.encodeToken': encodeToken,
      'redirect.sendUserTo': sendUserTo,
      'redirect.validateToken': validateToken,
    };
  };
})();
