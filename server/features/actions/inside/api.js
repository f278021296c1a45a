// Runs inside the sandbox: the `api` of an action, which writes down what the action asks for, and its `event`.
'use strict';
(() => {
  const { parse, stringify } = JSON;
  const { now } = Date;
  const { defineProperty, entries } = Object;
  const { URL } = globalThis;
  const { factors: factorTypes, makePrompt, makeRedirect, members, refused, trigger } = globalThis.$actions;
  const property = { writable: true, enumerable: true, configurable: true };

  function bytesOf(text) {
    let bytes = 0;
    for (const character of text) {
      const code = character.codePointAt(0);
      bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    }
    return bytes;
  }

  function textOf(value, what, most = 4096) {
    if (typeof value !== 'string' || value === '') throw new TypeError(`${what} must be a text.`);
    if (value.length > most) throw new RangeError(`${what} has more than ${most} characters.`);
    return value;
  }

  /** The database holds no NUL, no half of a surrogate pair, and no nesting without end. */
  function storable(value, what, depth = 64) {
    if (depth === 0) throw new RangeError(`${what} is nested too deeply.`);
    if (typeof value === 'string' && (!value.isWellFormed() || value.includes('\0'))) {
      throw new TypeError(`${what} holds characters that cannot be kept.`);
    }
    if (typeof value !== 'object' || value === null) return value;
    for (const [name, inner] of entries(value)) {
      storable(name, what);
      storable(inner, what, depth - 1);
    }
    return value;
  }

  function jsonOf(value, what) {
    const json = stringify(value);
    if (json === undefined) throw new TypeError(`${what} must be JSON.`);
    return storable(parse(json), what);
  }

  function webAddress(value, what) {
    const url = new URL(textOf(value, what));
    if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new TypeError(`${what} must be http or https.`);
    return url;
  }

  const facts = { 'user.setAppMetadata': 'app_metadata', 'user.setUserMetadata': 'user_metadata' };

  /** Metadata are written at the end, and are there for the actions behind that which asked for them. */
  function layMetadata(event, commands) {
    for (const { name, key, value } of commands) {
      const place = facts[name];
      if (place === undefined) continue;
      const user = (event.user ??= {});
      const values = (user[place] ??= {});
      if (value === null) delete values[key];
      // A copy: what an action does to its event is not to change what is written.
      else defineProperty(values, key, { ...property, value: parse(stringify(value)) });
    }
  }

  function factorsOf(by, list, what) {
    if (!Array.isArray(list) || list.length === 0) throw new TypeError(`${what} must name at least one factor.`);
    return list.map((one) => {
      const type = textOf(one?.type, 'The type of a factor', 50);
      if (!factorTypes[by].includes(type)) throw new Error(`The factor ${type} cannot work here.`);
      return type;
    });
  }

  globalThis.$actions.makeApi = ({ input, done, secrets, continues, refuses, tell, tooLate }) => {
    const { event, limits } = input;
    const { commands, live } = done;
    const cache = new Map(live.cache.map((entry) => [entry.key, entry]));
    let stopped;
    let isOver = false;
    const api = {};

    // Not by assignment: a setter that another action left behind would be handed them.
    defineProperty(event, 'secrets', { ...property, value: secrets });
    defineProperty(event, 'configuration', { ...property, value: {} });
    // What a form was answered with is for the action that has rendered it.
    if (!continues) delete event.prompt;
    layMetadata(event, commands);
    if (trigger === 'post-login') (event.transaction ??= {}).metadata = live.metadata;
    if (trigger === 'credentials-exchange') {
      (event.accessToken ??= {}).customClaims = live.claims;
      (event.transaction ??= {}).target_scopes = live.scopes;
    }

    function say(name, args) {
      if (commands.length >= limits.commands) throw new RangeError('The action asks for too much.');
      // Not by a method: that may be foreign code by now, unseen.
      commands[commands.length] = { name, ...args };
      return api;
    }

    const isOnTheWay = ({ by }) => by === 'redirect' || by === 'prompt';

    /** A refusal is not taken back: not by a redirect, nor by another one. It is told at once: its action may be ended. */
    function stop(by, args) {
      if (stopped !== undefined && isOnTheWay(stopped) && isOnTheWay({ by }) && stopped.by !== by) {
        throw new Error('An action renders a form or sends the customer elsewhere, not both.');
      }
      if (stopped === undefined || isOnTheWay(stopped)) {
        stopped = { by, ...args };
        if (!isOnTheWay(stopped)) refuses(stopped);
      }
      return api;
    }

    function setMetadata(key, value) {
      textOf(key, 'The key', limits.metadataKey);
      if (value === null || value === undefined) delete live.metadata[key];
      else {
        if (!['string', 'number', 'boolean'].includes(typeof value)) {
          throw new TypeError('Transaction metadata are texts, numbers and booleans.');
        }
        if (bytesOf(String(value)) > limits.metadataValue) throw new RangeError('The value has more than 8 KB.');
        const others = { ...live.metadata, [key]: value };
        if (bytesOf(stringify(others)) > limits.metadata) throw new RangeError('There are more than 16 KB of metadata.');
        defineProperty(live.metadata, key, { ...property, value });
      }
      return api;
    }

    function setCache(key, value, options) {
      const no = (code) => ({ type: 'error', code });
      if (typeof key !== 'string' || key === '') throw new TypeError('The key must be a text.');
      if (typeof value !== 'string') throw new TypeError('The cache holds texts only.');
      storable(key, 'The key');
      storable(value, 'The value');
      if (bytesOf(key) > limits.cache.keyBytes) return no('CacheKeySizeExceeded');
      if (bytesOf(value) > limits.cache.valueBytes) return no('CacheValueSizeExceeded');
      const at = now();
      const { ttl, expires_at } = options ?? {};
      const ends = [at + limits.cache.ms];
      if (typeof ttl === 'number') ends.push(at + ttl);
      if (typeof expires_at === 'number') ends.push(expires_at);
      if (ends.length === 1) ends.push(at + limits.cache.usualMs);
      const end = Math.min(...ends);
      if (!Number.isFinite(end)) return no('InvalidExpiry');
      if (end <= at) return no('ItemAlreadyExpired');
      const others = [...cache.values()].filter((one) => one.key !== key && one.expires_at > at);
      const bytes = others.reduce((sum, one) => sum + bytesOf(one.key) + bytesOf(one.value), 0);
      if (others.length >= limits.cache.entries || bytes + bytesOf(key) + bytesOf(value) > limits.cache.bytes) {
        return no('CacheSizeExceeded');
      }
      const entry = { key, value, expires_at: Math.floor(end) };
      cache.set(key, entry);
      say('cache.set', { entry });
      return { type: 'success', record: { value, expires_at: entry.expires_at } };
    }

    function getCache(key) {
      const entry = cache.get(key);
      if (entry === undefined || entry.expires_at <= now()) return undefined;
      return { value: entry.value, expires_at: entry.expires_at };
    }

    function deleteCache(key) {
      storable(textOf(key, 'The key'), 'The key');
      cache.delete(key);
      say('cache.delete', { key });
      return { type: 'success' };
    }

    function setClaim(name, key, value) {
      storable(textOf(key, 'The name of the claim', 1000), 'The name of the claim');
      const json = value === undefined ? undefined : jsonOf(value, 'The value of the claim');
      if (limits.refusedClaims[name.split('.')[0]].includes(key)) {
        tell(`No token tells the claim ${key}, its name is the protocol's: api.${name} did nothing.`);
        return api;
      }
      if (name === 'accessToken.setCustomClaim' && trigger === 'credentials-exchange') {
        if (json === undefined) delete live.claims[key];
        else defineProperty(live.claims, key, { ...property, value: json });
      }
      return say(name, { key, ...(json !== undefined && { value: json }) });
    }

    function setFact(name, key, given) {
      if (/\p{Cc}/u.test(textOf(key, 'The key', limits.factKey))) {
        throw new TypeError('The key holds characters that cannot be kept.');
      }
      storable(key, 'The key');
      const value = jsonOf(given ?? null, 'The value');
      if (bytesOf(stringify(value)) > limits.factValue) throw new RangeError('The value has more than 64 kB.');
      return say(name, { key, value });
    }

    function setScopes(scopes) {
      live.scopes.splice(0, live.scopes.length, ...new Set(scopes));
      return api;
    }

    const any = (by) => (list) => say('factor', { by, factors: factorsOf(by, list, 'factors'), choose: true });
    const first = (by) => (factor, options) =>
      say('factor', {
        by,
        factors: factorsOf(by, [factor, ...(options?.additionalFactors ?? [])], 'factor'),
        choose: false,
      });

    const works = {
      'access.deny': {
        'post-login': (reason) => stop('denied', { message: String(reason ?? '').slice(0, 1000) }),
        'pre-user-registration': (reason, userMessage) =>
          stop('denied', {
            code: String(reason ?? '').slice(0, 1000),
            // The reason is for the log; the person is told only what is meant for them.
            message: String(userMessage ?? '').slice(0, 1000),
          }),
        'credentials-exchange': (code, reason) => {
          if (!['invalid_scope', 'invalid_request', 'server_error'].includes(code)) {
            throw new TypeError('The code must be invalid_scope, invalid_request or server_error.');
          }
          return stop('denied', { code, message: String(reason ?? '').slice(0, 1000) });
        },
      }[trigger],
      'accessToken.addScope': (scope) => say('accessToken.addScope', { scope: textOf(scope, 'The scope', 300) }),
      'accessToken.removeScope': (scope) => say('accessToken.removeScope', { scope: textOf(scope, 'The scope', 300) }),
      'accessToken.setCustomClaim': (key, value) => setClaim('accessToken.setCustomClaim', key, value),
      'authentication.challengeWith': first('challenge'),
      'authentication.challengeWithAny': any('challenge'),
      'authentication.enrollWith': first('enrol'),
      'authentication.enrollWithAny': any('enrol'),
      'authentication.recordMethod': (url) => {
        if (!continues) throw new Error('api.authentication.recordMethod works in onContinuePostLogin only.');
        return say('authentication.recordMethod', { url: webAddress(url, 'The method').href });
      },
      'authentication.setPrimaryUser': (id) =>
        say('authentication.setPrimaryUser', {
          userId: storable(textOf(id, 'The id of the user', 300), 'The id of the user'),
        }),
      'cache.delete': deleteCache,
      'cache.get': getCache,
      'cache.set': setCache,
      'idToken.setCustomClaim': (key, value) => setClaim('idToken.setCustomClaim', key, value),
      'multifactor.enable': (provider, options) => {
        if (!['any', 'none', 'guardian', 'google-authenticator'].includes(provider)) {
          throw new Error(`api.multifactor.enable cannot work with ${String(provider)} here.`);
        }
        return say('multifactor.enable', { provider, allowRememberBrowser: options?.allowRememberBrowser === true });
      },
      ...makePrompt({ input, textOf, jsonOf, bytesOf, continues, stop: (args) => stop('prompt', args) }),
      ...makeRedirect({ input, textOf, webAddress, bytesOf, stop: (args) => stop('redirect', args) }),
      'refreshToken.revoke': (reason) => {
        if (event.transaction?.protocol !== 'oauth2-refresh-token') {
          throw new Error('api.refreshToken.revoke works at a refresh only.');
        }
        return stop('denied', { message: String(reason ?? '').slice(0, 1000), revoke: 'refresh_token' });
      },
      'rules.wasExecuted': (id) => input.executedRules.includes(id),
      'session.revoke': (reason, options) =>
        stop('denied', {
          message: String(reason ?? '').slice(0, 1000),
          revoke: options?.preserveRefreshTokens === true ? 'session_only' : 'session',
        }),
      'transaction.setMetadata': setMetadata,
      'transaction.addTargetScope': (scope) => setScopes([...live.scopes, textOf(scope, 'The scope', 300)]),
      'transaction.removeTargetScope': (scope) => setScopes(live.scopes.filter((one) => one !== scope)),
      'transaction.setTargetScopes': (scopes) => setScopes([...scopes].map((one) => textOf(one, 'The scope', 300))),
      'transaction.clearTargetScopes': () => setScopes([]),
      'user.setAppMetadata': (key, value) => setFact('user.setAppMetadata', key, value),
      'user.setUserMetadata': (key, value) => setFact('user.setUserMetadata', key, value),
      'validation.error': (code, message) =>
        stop('invalid', { code: String(code ?? '').slice(0, 300), message: String(message ?? '').slice(0, 1000) }),
    };

    function put(path, act) {
      const [group, name] = path.split('.');
      (api[group] ??= {})[name] = (...args) => {
        return isOver ? tooLate(path) : act(...args);
      };
    }
    for (const path of members) put(path, works[path]);
    for (const path of refused) {
      put(path, () => {
        throw new Error(`api.${path} cannot work here.`);
      });
    }

    return {
      event,
      api,
      end() {
        isOver = true;
        const isRefused = stopped !== undefined && !isOnTheWay(stopped);
        return { commands, live: { ...live, cache: [...cache.values()] }, stopped, isRefused };
      },
    };
  };
})();
