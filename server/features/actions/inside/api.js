// Runs inside the sandbox: the `api` of an action, which writes down what the action asks for, and its `event`.
'use strict';
(() => {
  const { parse, stringify } = JSON;
  const { now } = Date;
  const { floor, min } = Math;
  const { isFinite } = Number;
  const { keys } = Object;
  const { factors: factorTypes, makePrompt, makeRedirect, members, own, refused, trigger } = globalThis.$actions;
  const { Error, RangeError, TypeError } = own;
  const { add, bare, bareAll, bytesOf, callMember, codeAt, cut, fault, get, groupOf, has, indexOf } = own;
  const { isArray, isObject, jsonOf, put, slice, storable, text, textOf, webAddress } = own;
  const mostFactors = 20;
  const facts = bare({ 'user.setAppMetadata': 'app_metadata', 'user.setUserMetadata': 'user_metadata' });
  const providers = bare(['any', 'none', 'guardian', 'google-authenticator']);
  const machineCodes = bare(['invalid_scope', 'invalid_request', 'server_error']);
  const isMachine = trigger === 'credentials-exchange';

  /** Every member that an action may name, with those that say that they cannot work. */
  const paths = bare([]);
  function notePaths(list, works) {
    for (let at = 0; at < list.length; at += 1) {
      const dot = indexOf(list[at], '.');
      add(paths, bare({ path: list[at], works, group: slice(list[at], 0, dot), name: slice(list[at], dot + 1) }));
    }
  }
  notePaths(members, true);
  notePaths(refused, false);

  /** Metadata are written at the end, and are there for the actions behind that which asked for them. */
  function layMetadata(event, commands) {
    for (let at = 0; at < commands.length; at += 1) {
      const { name, key, value } = commands[at];
      if (facts[name] === undefined) continue;
      const values = groupOf(groupOf(event, 'user'), facts[name]);
      if (value === null) delete values[key];
      // A copy: what an action does to its event is not to change what is written.
      else put(values, key, parse(stringify(value)));
    }
  }

  function hasControl(key) {
    for (let at = 0; at < key.length; at += 1) {
      const code = codeAt(key, at);
      if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
    }
    return false;
  }

  function factorsOf(by, list, what) {
    if (!isArray(list) || list.length === 0) throw fault(TypeError, `${what} must name at least one factor.`);
    if (list.length > mostFactors) throw fault(RangeError, `${what} must name ${mostFactors} factors at most.`);
    const types = bare([]);
    for (let at = 0; at < list.length; at += 1) {
      const type = textOf(get(list[at], 'type'), 'The type of a factor', 50);
      if (!has(factorTypes[by], type)) throw fault(Error, `The factor ${type} cannot work here.`);
      add(types, type);
    }
    return types;
  }

  /** A list that the event shows, from now on as this one. */
  function show(shown, list) {
    shown.length = 0;
    for (let at = 0; at < list.length; at += 1) add(shown, list[at]);
  }

  globalThis.$actions.makeApi = ({ input, done, secrets, continues, refuses, tell, tooLate }) => {
    const { event, limits } = input;
    const { commands, live } = bareAll(done);
    const cache = bare({});
    for (let at = 0; at < live.cache.length; at += 1) cache[live.cache[at].key] = live.cache[at];
    // What the event shows of what is kept is a copy: an action may do to it what it likes.
    const shown = bare(parse(stringify(live)));
    const sizes = bare({ commands: stringify(commands).length, claims: 0, scopes: 0 });
    sizes.claims = stringify(live.claims).length;
    sizes.scopes = stringify(live.scopes).length;
    let stopped;
    let isOver = false;
    const api = {};

    // Not by assignment: a setter that another action left behind would be handed them.
    put(event, 'secrets', secrets);
    put(event, 'configuration', {});
    // What a form was answered with is for the action that has rendered it.
    if (!continues) delete event.prompt;
    layMetadata(event, commands);
    if (trigger === 'post-login') put(groupOf(event, 'transaction'), 'metadata', shown.metadata);
    if (isMachine) {
      put(groupOf(event, 'accessToken'), 'customClaims', shown.claims);
      put(groupOf(event, 'transaction'), 'target_scopes', shown.scopes);
    }

    /** What all actions have asked for is told at once, and has its bounds. */
    function makeRoom(part, size) {
      const others = sizes.commands + sizes.claims + sizes.scopes - sizes[part];
      if (others + size > limits.asked) throw fault(RangeError, 'The actions ask for too much.');
      sizes[part] = size;
    }

    function say(name, args) {
      if (commands.length >= limits.commands) throw fault(RangeError, 'The action asks for too much.');
      const command = bare({ name, ...args });
      makeRoom('commands', sizes.commands + stringify(command).length + 1);
      add(commands, command);
      return api;
    }

    const isOnTheWay = ({ by }) => by === 'redirect' || by === 'prompt';

    /** A refusal is not taken back: not by a redirect, nor by another one. It is told at once: its action may be ended. */
    function stop(by, args) {
      const next = bare({ by, ...args });
      if (stopped === undefined || isOnTheWay(stopped)) {
        if (stopped !== undefined && isOnTheWay(next) && stopped.by !== by) {
          throw fault(Error, 'An action renders a form or sends the customer elsewhere, not both.');
        }
        stopped = next;
        if (!isOnTheWay(stopped)) refuses(stopped);
        return api;
      }
      const revoke = bothEnd(stopped.revoke, next.revoke);
      if (revoke === stopped.revoke) return api;
      stopped = bare({ ...stopped, revoke });
      refuses(stopped);
      return api;
    }

    /** What ends with a refusal, where two calls say what: whatever either of them ends. */
    function bothEnd(one, other) {
      if (one === undefined || other === undefined || one === other) return one ?? other;
      return 'session';
    }

    function setMetadata(key, value) {
      textOf(key, 'The key', limits.metadataKey);
      if (value === null || value === undefined) {
        delete live.metadata[key];
        delete shown.metadata[key];
        return api;
      }
      if (typeof value !== 'string' && typeof value !== 'boolean' && !isFinite(value)) {
        throw fault(TypeError, 'Transaction metadata are texts, numbers that are finite, and booleans.');
      }
      if (bytesOf(text(value)) > limits.metadataValue) throw fault(RangeError, 'The value has more than 8 KB.');
      if (bytesOf(stringify(bare({ ...live.metadata, [key]: value }))) > limits.metadata) {
        throw fault(RangeError, 'There are more than 16 KB of metadata.');
      }
      put(live.metadata, key, value);
      put(shown.metadata, key, value);
      return api;
    }

    /** What is still in the cache. */
    function entries() {
      const names = keys(cache);
      const list = bare([]);
      for (let at = 0; at < names.length; at += 1) {
        if (cache[names[at]].expires_at > now()) add(list, cache[names[at]]);
      }
      return list;
    }

    function setCache(key, value, options) {
      const no = (code) => ({ type: 'error', code });
      if (typeof key !== 'string' || key === '') throw fault(TypeError, 'The key must be a text.');
      if (typeof value !== 'string') throw fault(TypeError, 'The cache holds texts only.');
      storable(key, 'The key');
      storable(value, 'The value');
      if (bytesOf(key) > limits.cache.keyBytes) return no('CacheKeySizeExceeded');
      if (bytesOf(value) > limits.cache.valueBytes) return no('CacheValueSizeExceeded');
      const at = now();
      const ttl = get(options, 'ttl');
      const until = get(options, 'expires_at');
      const isTimed = typeof ttl === 'number' || typeof until === 'number';
      let end = at + limits.cache.ms;
      if (typeof ttl === 'number') end = min(end, at + ttl);
      if (typeof until === 'number') end = min(end, until);
      if (!isTimed) end = min(end, at + limits.cache.usualMs);
      if (!isFinite(end)) return no('InvalidExpiry');
      if (end <= at) return no('ItemAlreadyExpired');
      const all = entries();
      let others = 0;
      let bytes = bytesOf(key) + bytesOf(value);
      for (let place = 0; place < all.length; place += 1) {
        if (all[place].key === key) continue;
        others += 1;
        bytes += bytesOf(all[place].key) + bytesOf(all[place].value);
      }
      if (others >= limits.cache.entries || bytes > limits.cache.bytes) return no('CacheSizeExceeded');
      const entry = bare({ key, value, expires_at: floor(end) });
      say('cache.set', { entry });
      cache[key] = entry;
      return { type: 'success', record: { value, expires_at: entry.expires_at } };
    }

    function getCache(key) {
      const entry = typeof key === 'string' ? cache[key] : undefined;
      if (entry === undefined || entry.expires_at <= now()) return undefined;
      return { value: entry.value, expires_at: entry.expires_at };
    }

    function deleteCache(key) {
      storable(textOf(key, 'The key'), 'The key');
      say('cache.delete', { key });
      delete cache[key];
      return { type: 'success' };
    }

    /** Characters of JSON that the claims of a token take, with this one. */
    function claimsWith(name, key, json) {
      const left = bare({});
      for (let at = 0; at < commands.length; at += 1) {
        if (commands[at].name === name) left[commands[at].key] = commands[at].value;
      }
      left[key] = json;
      return stringify(left).length;
    }

    const setClaim = (name, token) => (key, value) => {
      storable(textOf(key, 'The name of the claim', 1000), 'The name of the claim');
      const json = value === undefined ? undefined : jsonOf(value, 'The value of the claim');
      if (has(limits.refusedClaims[token], key)) {
        tell(`No token tells the claim ${key}, its name is the protocol's: api.${name} did nothing.`);
        return api;
      }
      if (json !== undefined && claimsWith(name, key, json) > limits.claims) {
        throw fault(RangeError, `The claims of a token take more than ${limits.claims} characters of JSON.`);
      }
      const keepsNow = isMachine && token === 'accessToken';
      if (keepsNow) {
        const claims = bare({ ...live.claims });
        if (json === undefined) delete claims[key];
        else put(claims, key, json);
        makeRoom('claims', stringify(claims).length);
      }
      say(name, { key, ...(json !== undefined && { value: json }) });
      if (!keepsNow) return api;
      if (json === undefined) {
        delete live.claims[key];
        delete shown.claims[key];
      } else {
        put(live.claims, key, json);
        put(shown.claims, key, parse(stringify(json)));
      }
      return api;
    };

    const setFact = (name) => (key, given) => {
      if (hasControl(textOf(key, 'The key', limits.factKey))) {
        throw fault(TypeError, 'The key holds characters that cannot be kept.');
      }
      storable(key, 'The key');
      if (key === '__proto__') throw fault(TypeError, 'The key cannot be __proto__.');
      const value = jsonOf(given ?? null, 'The value');
      if (bytesOf(stringify(value)) > limits.factValue) throw fault(RangeError, 'The value has more than 64 kB.');
      return say(name, { key, value });
    };

    function setScopes(scopes) {
      const list = bare([]);
      for (let at = 0; at < scopes.length; at += 1) {
        const scope = textOf(scopes[at], 'The scope', 300);
        if (!has(list, scope)) add(list, scope);
      }
      if (list.length > limits.scopes) throw fault(RangeError, `There are more than ${limits.scopes} scopes.`);
      makeRoom('scopes', stringify(list).length);
      live.scopes = list;
      show(shown.scopes, list);
      return api;
    }

    function scopesWith(scope) {
      const list = bare([]);
      for (let at = 0; at < live.scopes.length; at += 1) add(list, live.scopes[at]);
      add(list, scope);
      return list;
    }

    function scopesWithout(scope) {
      const list = bare([]);
      for (let at = 0; at < live.scopes.length; at += 1) if (live.scopes[at] !== scope) add(list, live.scopes[at]);
      return list;
    }

    const any = (by) => (list) =>
      say('factor', { by, factors: factorsOf(by, list, 'The list'), choose: true });
    const first = (by) => (factor, options) => {
      const list = bare([factor]);
      const more = get(options, 'additionalFactors') ?? bare([]);
      if (!isArray(more)) throw fault(TypeError, 'additionalFactors must be a list.');
      for (let at = 0; at < more.length && at < mostFactors; at += 1) add(list, more[at]);
      return say('factor', { by, factors: factorsOf(by, list, 'It'), choose: false });
    };
    const scope = (name) => (given) => say(name, { scope: textOf(given, 'The scope', 300) });
    /** A refusal holds, also where its words cannot be read. */
    function said(value, most = 1000) {
      try {
        return cut(value ?? '', most);
      } catch {
        return '';
      }
    }

    function deny(reason, more) {
      if (trigger === 'post-login') return stop('denied', { message: said(reason) });
      // The reason is for the log; the person is told only what is meant for them.
      if (!isMachine) return stop('denied', { code: said(reason), message: said(more) });
      if (!has(machineCodes, reason)) {
        throw fault(TypeError, 'The code must be invalid_scope, invalid_request or server_error.');
      }
      return stop('denied', { code: reason, message: said(more) });
    }

    const works = bare({
      'access.deny': deny,
      'accessToken.addScope': scope('accessToken.addScope'),
      'accessToken.removeScope': scope('accessToken.removeScope'),
      'accessToken.setCustomClaim': setClaim('accessToken.setCustomClaim', 'accessToken'),
      'authentication.challengeWith': first('challenge'),
      'authentication.challengeWithAny': any('challenge'),
      'authentication.enrollWith': first('enrol'),
      'authentication.enrollWithAny': any('enrol'),
      'authentication.recordMethod': (url) => {
        if (!continues) throw fault(Error, 'It works in onContinuePostLogin only.');
        return say('authentication.recordMethod', { url: webAddress(url, 'The method', 4096) });
      },
      'authentication.setPrimaryUser': (id) =>
        say('authentication.setPrimaryUser', {
          userId: storable(textOf(id, 'The id of the user', 300), 'The id of the user'),
        }),
      'cache.delete': deleteCache,
      'cache.get': getCache,
      'cache.set': setCache,
      'idToken.setCustomClaim': setClaim('idToken.setCustomClaim', 'idToken'),
      'multifactor.enable': (provider, options) => {
        if (!has(providers, provider)) throw fault(Error, `It cannot work with ${text(provider)} here.`);
        return say('multifactor.enable', { provider, allowRememberBrowser: get(options, 'allowRememberBrowser') === true });
      },
      ...makePrompt({ input, continues, stop: (args) => stop('prompt', args) }),
      ...makeRedirect({ input, event, stop: (args) => stop('redirect', args) }),
      'refreshToken.revoke': (reason) => {
        if (get(get(event, 'transaction'), 'protocol') !== 'oauth2-refresh-token') {
          throw fault(Error, 'It works at a refresh only.');
        }
        return stop('denied', { message: said(reason), revoke: 'refresh_token' });
      },
      'rules.wasExecuted': (id) => has(input.executedRules, id),
      'session.revoke': (reason, options) =>
        stop('denied', {
          message: said(reason),
          revoke: get(options, 'preserveRefreshTokens') === true ? 'session_only' : 'session',
        }),
      'transaction.setMetadata': setMetadata,
      'transaction.addTargetScope': (one) => setScopes(scopesWith(one)),
      'transaction.removeTargetScope': (one) => setScopes(scopesWithout(one)),
      'transaction.setTargetScopes': (list) => {
        if (!isArray(list)) throw fault(TypeError, 'It takes a list of texts.');
        return setScopes(list);
      },
      'transaction.clearTargetScopes': () => setScopes(bare([])),
      'user.setAppMetadata': setFact('user.setAppMetadata'),
      'user.setUserMetadata': setFact('user.setUserMetadata'),
      'validation.error': (code, message) => stop('invalid', { code: said(code, 300), message: said(message) }),
    });

    const groups = bare({});
    for (let at = 0; at < paths.length; at += 1) {
      const { path, works: isThere, group, name } = paths[at];
      if (groups[group] === undefined) {
        groups[group] = {};
        put(api, group, groups[group]);
      }
      const act = isThere
        ? works[path]
        : () => {
            throw new Error(`api.${path} cannot work here.`);
          };
      put(groups[group], name, (...given) => (isOver ? tooLate(path) : callMember(path, act, given)));
    }

    return bare({
      event,
      api,
      /** What it has come to; from here on nothing that it calls does anything. */
      end() {
        isOver = true;
        const isRefused = stopped !== undefined && !isOnTheWay(stopped);
        const left = bare({ ...live, cache: entries() });
        return bare({ done: stringify(bare({ commands, live: left })), stopped, isRefused });
      },
    });
  };
})();
