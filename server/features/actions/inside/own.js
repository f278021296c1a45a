// Runs inside the sandbox, before any other code: what our own files use of the language, and how they read what actions
// hand them. By the time that they are called an action, or one of the sign-in before, may have changed any method and
// any iterator. So here, and in all files beside this one, no method of a value is called, no list is gone through by
// what it is told to be gone through with, nothing is added by assignment, and what we keep inherits from nothing.
'use strict';
(() => {
  const { apply, defineProperty, getPrototypeOf, setPrototypeOf } = Reflect;
  const { hasOwn, keys, prototype: objects } = Object;
  const { isArray, prototype: lists } = Array;
  const { stringify, parse } = JSON;
  const { Error, RangeError, TypeError, URL } = globalThis;
  const text = String;
  const { inside } = globalThis.$actions;
  const callOf = (method) => Function.prototype.call.bind(method);
  const codeAt = callOf(String.prototype.charCodeAt);
  const includes = callOf(String.prototype.includes);
  const indexOf = callOf(String.prototype.indexOf);
  const isWellFormed = callOf(String.prototype.isWellFormed);
  const slice = callOf(String.prototype.slice);
  const getterOf = (name) => callOf(Object.getOwnPropertyDescriptor(URL.prototype, name).get);
  const hrefOf = getterOf('href');
  const userOf = getterOf('username');
  const passwordOf = getterOf('password');
  const protocolOf = getterOf('protocol');
  /** The member of `api` that is being called. */
  let called = '';

  /** Inherits from nothing: what foreign code puts into all objects, a `toJSON` or a `get`, is not found here. */
  function bare(value) {
    setPrototypeOf(value, null);
    return value;
  }

  function isObject(value) {
    return typeof value === 'object' && value !== null;
  }

  /** The same for all that is in it. */
  function bareAll(value) {
    if (!isObject(value)) return value;
    const names = keys(value);
    for (let at = 0; at < names.length; at += 1) bareAll(value[names[at]]);
    return bare(value);
  }

  function put(object, name, value) {
    defineProperty(object, name, bare({ value, writable: true, enumerable: true, configurable: true }));
  }

  function add(list, value) {
    put(list, list.length, value);
  }

  function has(list, value) {
    for (let at = 0; at < list.length; at += 1) if (list[at] === value) return true;
    return false;
  }

  /** What stands in the object itself. */
  function get(object, name) {
    return isObject(object) && hasOwn(object, name) ? object[name] : undefined;
  }

  /** An object of the event's, which is made where there is none. */
  function groupOf(object, name) {
    const found = get(object, name);
    if (isObject(found)) return found;
    const made = {};
    put(object, name, made);
    return made;
  }

  /** For whoever has called a member of `api`. */
  function fault(Kind, message) {
    return new Kind(`api.${called}: ${message}`);
  }

  /** Calls a member of `api`. */
  function callMember(path, act, given) {
    const before = called;
    called = path;
    try {
      return apply(act, undefined, given);
    } finally {
      called = before;
    }
  }

  const cut = (value, most) => slice(text(value), 0, most);

  function bytesOf(value) {
    let bytes = 0;
    for (let at = 0; at < value.length; at += 1) {
      const code = codeAt(value, at);
      // Each half of a pair is two of four bytes; a half alone cannot be kept anyway.
      bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 2 : 3;
    }
    return bytes;
  }

  function textOf(value, what, most = 4096) {
    if (typeof value !== 'string' || value === '') throw fault(TypeError, `${what} must be a text.`);
    if (value.length > most) throw fault(RangeError, `${what} has more than ${most} characters.`);
    return value;
  }

  /** The database holds no NUL, no half of a surrogate pair, and no nesting without end. */
  function storable(value, what, depth = 64) {
    if (depth === 0) throw fault(RangeError, `${what} is nested too deeply.`);
    if (typeof value === 'string' && (!isWellFormed(value) || includes(value, '\0'))) {
      throw fault(TypeError, `${what} holds characters that cannot be kept.`);
    }
    if (!isObject(value)) return value;
    const names = keys(value);
    for (let at = 0; at < names.length; at += 1) {
      storable(names[at], what);
      storable(value[names[at]], what, depth - 1);
    }
    return value;
  }

  /** As JSON reads it; what we are given is read as it is, whatever another action has said of all objects. */
  function jsonOf(value, what) {
    const isAsItWas = getPrototypeOf(lists) === objects && !hasOwn(lists, 'toJSON') && !hasOwn(objects, 'toJSON');
    if (!isAsItWas) inside.mend();
    let json;
    try {
      json = stringify(value);
    } catch (error) {
      throw fault(TypeError, `${what} must be JSON: ${cut(error?.message, 300)}`);
    }
    if (json === undefined) throw fault(TypeError, `${what} must be JSON.`);
    return bareAll(storable(parse(json), what));
  }

  /** A web address as it is written in full. */
  function webAddress(value, what, most) {
    let url;
    try {
      url = new URL(textOf(value, what, most));
    } catch (error) {
      if (typeof value === 'string' && value !== '' && value.length <= most) {
        throw fault(TypeError, `${what} is no address.`);
      }
      throw error;
    }
    const protocol = protocolOf(url);
    if (protocol !== 'https:' && protocol !== 'http:') throw fault(TypeError, `${what} must be http or https.`);
    if (userOf(url) !== '' || passwordOf(url) !== '') throw fault(TypeError, `${what} must have no name or password.`);
    const href = hrefOf(url);
    if (href.length > most) throw fault(RangeError, `${what} has more than ${most} characters.`);
    return href;
  }

  globalThis.$actions.own = bare({
    ...{ add, bare, bareAll, bytesOf, callMember, callOf, codeAt, cut, fault, get, groupOf, has, includes, indexOf },
    ...{ isArray, isObject, jsonOf, put, slice, storable, text, textOf, webAddress, Error, RangeError, TypeError },
  });
})();
