// The first that runs in an isolate. `$0` tells the process outside; `$1` are the limits; `$2` has Node do something
// there, `$3` the same on another thread, `$4` hands over what came of it; `$5` does what is named in `$6` on another
// thread while this one stands still, and gives the number by which `$4` has its outcome; `$7` is memory that the process
// sees, too (`progress.ts`). They stay in this closure, as does every intrinsic that is needed after foreign code has run:
// what that code does to `Array.prototype` and the like must not reach these lines. So there are no iterators here, no
// methods called on values, no `await`.
const tell = $0;
const limits = $1;
const native = $2;
const later = $3;
const told = $4;
const slow = $5;
const { applySyncPromise } = slow;
const { apply, construct, defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys, setPrototypeOf } =
  Reflect;
const { create, prototype: objects } = Object;
const { stringify } = globalThis.JSON;
const [Function, Promise, Error, TypeError, RangeError, String, Number] = [
  globalThis.Function,
  globalThis.Promise,
  globalThis.Error,
  globalThis.TypeError,
  globalThis.RangeError,
  globalThis.String,
  globalThis.Number,
];
const then = Promise.prototype.then;
const slice = String.prototype.slice;
const exec = RegExp.prototype.exec;
// Bound, it takes a third of the time of `apply` with a list for each letter.
const codeAt = Function.prototype.call.bind(String.prototype.charCodeAt);
const { store } = globalThis.Atomics;
// V8 gives it to every context or to none. It cannot be deleted, so other code finds an empty name.
const { gc } = globalThis;
globalThis.gc = undefined;
const wholly = create(null);
wholly.type = 'major';
wholly.flavor = 'last-resort';
const noConstructor = create(null);
noConstructor.value = undefined;
const empty = /(?:)/;
// Without prototypes: what somebody puts into Object.prototype says nothing of how values cross.
const copies = create(null);
copies.copy = true;
const crossing = create(null);
crossing.arguments = copies;
const head = new globalThis.Int32Array($7, 0, 7);
const noted = new globalThis.Uint16Array($7, head.byteLength);
const isSlow = create(null);
for (let at = 0; at < $6.length; at += 1) isSlow[$6[at]] = true;

// Memory that V8 does not count, and ways to hold a thread for ever.
delete globalThis.WebAssembly;
delete globalThis.SharedArrayBuffer;
delete globalThis.Atomics;
const Buffer = globalThis.ArrayBuffer;
const fixed = {
  // Buffers that grow are allocated past the limit of the isolate.
  ArrayBuffer: function ArrayBuffer(length, options) {
    if (new.target === undefined) throw new TypeError("Constructor ArrayBuffer requires 'new'");
    if (options !== null && typeof options === 'object' && options.maxByteLength !== undefined) {
      throw new RangeError('Buffers that grow are not available here');
    }
    return construct(Buffer, [length], new.target);
  },
}.ArrayBuffer;
{
  const keys = ownKeys(Buffer);
  for (let at = 0; at < keys.length; at += 1) defineProperty(fixed, keys[at], getOwnPropertyDescriptor(Buffer, keys[at]));
  defineProperty(Buffer.prototype, 'constructor', { value: fixed, writable: true, enumerable: false, configurable: true });
  defineProperty(globalThis, 'ArrayBuffer', { value: fixed, writable: true, enumerable: false, configurable: true });
}

// --- what foreign code might change -------------------------------------------------------------------------------

const has = Set.prototype.has;
const add = Set.prototype.add;

function isObject(value) {
  return value !== null && (typeof value === 'object' || typeof value === 'function');
}

// All intrinsics are reached from these.
const roots = [];
{
  const names = ownKeys(globalThis);
  for (let at = 0; at < names.length; at += 1) roots[at] = [globalThis[names[at]], String(names[at])];
  const { iterator, matchAll } = globalThis.Symbol;
  for (const [object, name] of [
    [async () => {}, 'AsyncFunction'],
    [function* () {}, 'GeneratorFunction'],
    [async function* () {}, 'AsyncGeneratorFunction'],
    [[][iterator](), 'ArrayIterator'],
    [new Map()[iterator](), 'MapIterator'],
    [new Set()[iterator](), 'SetIterator'],
    [''[iterator](), 'StringIterator'],
    [/x/[matchAll](''), 'RegExpStringIterator'],
  ]) {
    roots[roots.length] = [getPrototypeOf(object), `${name}.prototype`];
  }
}

// Where data that a customer sends can get: what is reached by names from an object, a list, a text, a number. And what
// a driver waits by between two scripts.
const near = [];
for (const name of ['Object', 'Array', 'Function', 'String', 'Number', 'Boolean', 'Promise']) {
  near[near.length] = { object: globalThis[name], name };
  near[near.length] = { object: globalThis[name].prototype, name: `${name}.prototype` };
}

function nearName(object) {
  for (let at = 0; at < near.length; at += 1) if (near[at].object === object) return near[at].name;
  return undefined;
}

// Some objects are noted after foreign code has run, which may have said what happens when something is put into a list: so
// this one has no prototype, and in the lists of a record only what is there is written over.
const records = create(null);
let recorded = 0;
const nearRecords = [];
let [recordOfObjects, recordOfGlobals] = [];
const seen = new globalThis.Set();

// Of a property that may look as it likes.
const free = -1;

/**
 * Notes how an object looks, which is the value of `key` of another; `deep`: and all that is reached from it; `lazy`: what
 * is an accessor may become a value, for Node loads what stands there when somebody asks.
 */
function record(object, parent, key, deep, lazy) {
  if (!isObject(object) || apply(has, seen, [object])) return;
  apply(add, seen, [object]);
  const keys = ownKeys(object);
  // Of plain methods only the name and the number of arguments could be changed.
  if (typeof object === 'function' && keys.length <= 2) return;
  const ofNear = nearName(object);
  const path = ofNear ?? (parent === '' ? String(key) : `${parent}.${String(key)}`);
  const one = lookOf(object, lazy, path);
  for (let at = 0; deep && at < keys.length; at += 1) {
    record(one.values[at], path, keys[at], true);
    record(one.gets?.[at], path, keys[at], true);
    record(one.sets?.[at], path, keys[at], true);
  }
  if (deep) record(one.prototype, path, '__proto__', true);
  records[recorded] = one;
  recorded += 1;
  if (object === objects) recordOfObjects = one;
  if (object === globalThis) recordOfGlobals = one;
  if (ofNear === undefined) return;
  nearRecords[nearRecords.length] = one;
}

function lookOf(object, lazy, path) {
  const keys = ownKeys(object);
  // As long as the keys, to be written over.
  const [values, all] = [ownKeys(object), ownKeys(object)];
  const one = { object, path, lazy, keys, values, flags: all, gets: undefined, sets: undefined, prototype: getPrototypeOf(object) };
  // To take the prototype of a descriptor away takes longer than all the rest.
  const look = !recordOfObjects || isSame(recordOfObjects) ? getOwnPropertyDescriptor : propertyOf;
  for (let at = 0; at < keys.length; at += 1) {
    const property = look(object, keys[at]);
    values[at] = property.value;
    all[at] = lazy && (property.get || property.set) ? free : flags(property);
    if (property.get || property.set) setAccessor(one, at, property.get, property.set);
  }
  return one;
}

function setAccessor(one, at, get, set) {
  if (one.gets === undefined) {
    one.gets = create(null);
    one.sets = create(null);
  }
  one.gets[at] = get;
  one.sets[at] = set;
}

function flags({ writable, enumerable, configurable }) {
  return (writable ? 1 : 0) + (enumerable ? 2 : 0) + (configurable ? 4 : 0);
}

/** Notes how a value looks, and what its instances inherit if it is a class. */
function recordOne(value, name) {
  record(value, '', name, false, true);
  let prototype = isObject(value) ? propertyOf(value, 'prototype')?.value : undefined;
  for (let path = `${String(name)}.prototype`; isObject(prototype); path = `${path}.__proto__`) {
    record(prototype, '', path, false);
    prototype = getPrototypeOf(prototype);
  }
}

/** Notes how everything looks before foreign code runs: the intrinsics, and what our own files have added. */
function remember() {
  record(globalThis, '', '', false);
  for (let at = 0; at < roots.length; at += 1) record(roots[at][0], '', roots[at][1], true);
  const names = ownKeys(globalThis);
  for (let at = 0; at < names.length; at += 1) recordOne(propertyOf(globalThis, names[at]).value, names[at]);
  for (let at = 0; at < guarded.length; at += 1) recordOne(guarded[at][0], guarded[at][1]);
  guarded = undefined;
  hasNearValues = writeNearLook();
}

// Named by our own files while they run; they are not whole before the last has run.
let guarded = [];

/** Has a value of ours look for ever as it does now, or when all our files have run. */
function guard(value, name) {
  if (guarded) guarded[guarded.length] = [value, name];
  else recordOne(value, name);
}

function restore(object, key, { values, gets, sets, flags }, at) {
  // Without a prototype, for defineProperty reads what somebody may have put into Object.prototype.
  const property = create(null);
  property.enumerable = (flags[at] & 2) > 0;
  property.configurable = (flags[at] & 4) > 0;
  if (gets?.[at] || sets?.[at]) {
    property.get = gets[at];
    property.set = sets[at];
  } else {
    property.value = values[at];
    property.writable = (flags[at] & 1) > 0;
  }
  defineProperty(object, key, property);
}

/** Without a prototype: what foreign code has put into Object.prototype is no part of it. */
function propertyOf(object, key) {
  const property = getOwnPropertyDescriptor(object, key);
  if (property !== undefined) setPrototypeOf(property, null);
  return property;
}

function placeOf(keys, key) {
  for (let at = 0; at < keys.length; at += 1) if (keys[at] === key) return at;
  return -1;
}

/** Puts back what has changed since it was noted, and notes its names, 20 at most; `look` gives a property of it. */
function repair(one, found, look) {
  const { object, path, keys, values, gets, sets } = one;
  function note(key) {
    found[found.count] = path === '' ? String(key) : `${path}.${String(key)}`;
    if (found.count < 20) found.count += 1;
  }
  if (getPrototypeOf(object) !== one.prototype) {
    note('__proto__');
    setPrototypeOf(object, one.prototype);
  }
  for (let at = 0; at < keys.length; at += 1) {
    if (one.flags[at] === free) continue;
    const now = look(object, keys[at]);
    if (
      now !== undefined &&
      (now.value === values[at] || (now.value !== now.value && values[at] !== values[at])) &&
      now.get === gets?.[at] &&
      now.set === sets?.[at] &&
      flags(now) === one.flags[at]
    )
      continue;
    note(keys[at]);
    restore(object, keys[at], one, at);
  }
  // The code may keep what it likes in `global`.
  if (object === globalThis) return;
  const now = ownKeys(object);
  for (let at = 0; now.length !== keys.length && at < now.length; at += 1) {
    if (placeOf(keys, now[at]) >= 0) continue;
    note(now[at]);
    deleteProperty(object, now[at]);
  }
}

/** Whether it looks at a glance as it did: names and values, without telling a getter from a value. */
function isSame({ object, keys, values, gets }) {
  if (ownKeys(object).length !== keys.length) return false;
  for (let at = 0; at < keys.length; at += 1) {
    if (gets?.[at] === undefined && object[keys[at]] !== values[at] && values[at] === values[at]) return false;
  }
  return true;
}

/**
 * A function that tells whether the near ones have the values that were noted. Written out, name by name, for V8 knows
 * then where each of them is: a loop takes ten times as long, and rules are looked behind one by one.
 */
function writeNearLook() {
  const names = [];
  const values = [];
  let code = '';
  function nameOf(value) {
    const name = `v${values.length}`;
    append(names, name);
    append(values, value);
    return name;
  }
  for (let near = 0; near < nearRecords.length; near += 1) {
    const one = nearRecords[near];
    const object = nameOf(one.object);
    for (let at = 0; at < one.keys.length; at += 1) {
      const key = one.keys[at];
      const value = one.values[at];
      if (one.gets?.[at] !== undefined || value !== value) continue;
      const written = typeof key === 'string' ? stringify(key) : nameOf(key);
      code += `if (${object}[${written}] !== ${nameOf(value)}) return false;`;
    }
  }
  // Strict, as this file is: a getter that it comes to is not told who asks.
  append(names, `'use strict'; return () => {${code} return true;}`);
  return apply(construct(Function, names), undefined, values);
}

// Undefined: to be written anew, for what was noted has changed.
let hasNearValues;

/** Puts back what foreign code has changed of what data can reach; if it has changed any, all that it has changed. */
function mend() {
  // Before any value is read, for a getter may hide what was added.
  for (let at = 0; at < nearRecords.length; at += 1) {
    const { object, keys, prototype } = nearRecords[at];
    if (ownKeys(object).length !== keys.length || getPrototypeOf(object) !== prototype) return mendAll();
  }
  hasNearValues ??= writeNearLook();
  return hasNearValues() ? [] : mendAll();
}

function mendAll() {
  const found = create(null);
  found.count = 0;
  repair(recordOfObjects, found, propertyOf);
  // Nobody else's value stands in any descriptor any more.
  for (let at = 0; at < recorded; at += 1) repair(records[at], found, getOwnPropertyDescriptor);
  const names = [];
  for (let at = 0; at < found.count; at += 1) append(names, found[at]);
  return names;
}

// What code keeps in `global` may count on what was put back: both go.
let isSpoilt = false;

function mendBetween() {
  const names = mend();
  if (names.length > 0 && ownKeys(globalThis).length !== recordOfGlobals.keys.length) isSpoilt = true;
  return names;
}

/** Puts something into a list, whatever foreign code has said of what happens then. */
function append(list, value) {
  const item = create(null);
  item.value = value;
  item.enumerable = item.writable = item.configurable = true;
  defineProperty(list, list.length, item);
}

/**
 * Loads a package. What it changes meanwhile belongs to it, as the errors that bluebird knows by a property of `Error`; what
 * the code around it has changed does not.
 */
function adopt(load) {
  const before = create(null);
  const count = recorded;
  for (let at = 0; at < count; at += 1) before[at] = lookOf(records[at].object, records[at].lazy);
  try {
    return load();
  } finally {
    for (let at = 0; at < count; at += 1) adoptChanges(records[at], before[at]);
  }
}

function adoptChanges(one, before) {
  hasNearValues = undefined;
  const now = lookOf(one.object, one.lazy);
  if (now.prototype !== before.prototype) one.prototype = now.prototype;
  for (let at = 0; at < now.keys.length; at += 1) {
    const key = now.keys[at];
    const was = before.keys[at] === key ? at : placeOf(before.keys, key);
    if (was >= 0 && isSameProperty(now, at, before, was)) continue;
    let place = placeOf(one.keys, key);
    // What a package keeps in `global` may be changed.
    if (place < 0 && one === recordOfGlobals) continue;
    if (place < 0) {
      place = one.keys.length;
      append(one.keys, key);
      append(one.values, undefined);
      append(one.flags, undefined);
    }
    copyProperty(one, place, now, at);
  }
  for (let at = 0; at < before.keys.length; at += 1) {
    if (now.keys[at] === before.keys[at] || placeOf(now.keys, before.keys[at]) >= 0) continue;
    const place = placeOf(one.keys, before.keys[at]);
    if (place >= 0) one.flags[place] = free;
  }
}

function isSameProperty(one, at, other, place) {
  const value = one.values[at];
  return (
    (value === other.values[place] || (value !== value && other.values[place] !== other.values[place])) &&
    one.gets?.[at] === other.gets?.[place] &&
    one.sets?.[at] === other.sets?.[place] &&
    one.flags[at] === other.flags[place]
  );
}

function copyProperty(one, place, from, at) {
  one.values[place] = from.values[at];
  one.flags[place] = from.flags[at];
  if (one.gets || from.gets) setAccessor(one, place, from.gets?.[at], from.sets?.[at]);
}

// --- one run ------------------------------------------------------------------------------------------------------

let main;
let next = 1;
// By number: what goes on when the answer comes. Emptied at the end, so nothing of one run goes on in the next.
let asked = create(null);
let calls = 0;
let waits = 0;
let lines = 0;
let checkpoints = 0;
let isOver = false;
let result;
// Whose what goes on is: a number that the driver gives to each script. What goes on with an answer is of who asked for it,
// and what a timer calls of who set it; an alarm itself is for all, so what else it begins counts as that of the script that was
// begun last, which may be wrong.
let owner = 0;
let newest;
let oldest;
// By the number of an entry: whose it was when it began, and when nothing went on in it any more.
let entry = 0;
let firsts = create(null);
let lasts = create(null);
let unsure = create(null);
// The entry in which a timer was the last to say whose it is.
let timed;
let hearUncaught = () => {};
let hearDropped = () => {};

/** Writes a checkpoint beside the one before, and only then says that this is the latest. */
function note(text, ms) {
  const slot = checkpoints & 1;
  const first = slot * limits.mostNoted;
  const time = ms | 0;
  let sum = (checkpoints + time) | 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = codeAt(text, at);
    noted[first + at] = code;
    sum = (sum * 31 + code) | 0;
  }
  head[1 + 3 * slot] = text.length;
  head[2 + 3 * slot] = time;
  head[3 + 3 * slot] = sum;
  store(head, 0, checkpoints);
}

/** Whose what goes on is, if that is known. */
function known() {
  return unsure[entry] === true ? null : owner;
}

function begin(resolve, reject, whose, name) {
  const id = next;
  next += 1;
  asked[id] = { resolve, reject, owner: whose, name };
  return id;
}

function take(id) {
  const one = asked[id];
  delete asked[id];
  firsts[entry] = owner = one?.owner ?? newest;
  if (newest !== oldest && (one?.owner === undefined || one.owner === null)) unsure[entry] = true;
  return one;
}

defineProperty(globalThis, '$host', {
  configurable: true,
  writable: true,
  enumerable: false,
  value: {
    call(name, argument, whose) {
      const called = String(name);
      const text = String(argument);
      return new Promise((resolve, reject) => {
        calls += 1;
        if (calls > limits.mostCalls) throw new RangeError(`More than ${limits.mostCalls} calls to the outside`);
        if (called.length > limits.mostName || text.length > limits.mostArgument) {
          throw new RangeError(`More than ${limits.mostArgument} characters sent to the outside`);
        }
        tell('call', begin(resolve, reject, whose === undefined ? known() : whose, called), called, text);
      });
    },
    log(level, text) {
      lines += 1;
      if (lines > limits.mostLines + 1) return;
      if (lines > limits.mostLines) {
        const told = `What is printed from here on is not kept: a run may print ${limits.mostLines} lines.`;
        tell('log', 0, 'warn', told);
        return;
      }
      const own = String(text);
      // A line that says whose the next ones are is `mark`'s alone.
      const line = own[0] === '\u0001' ? ` ${own}` : own;
      const isLong = line.length > limits.mostLineText;
      tell('log', 0, String(level), isLong ? `${apply(slice, line, [0, limits.mostLineText - 1])}…` : line);
    },
    mark(script) {
      if (lines >= limits.mostLines) return;
      lines += 1;
      tell('log', 0, 'debug', `\u0001${script}`);
    },
    checkpoint(json, ms) {
      const text = String(json);
      const within = ms > 0 ? Number(ms) : 0;
      checkpoints += 1;
      if (checkpoints > limits.mostCheckpoints || text.length > limits.mostOutput) return;
      if (text.length > limits.mostNoted) tell('checkpoint', checkpoints, text, String(within));
      else note(text, within);
    },
    wait(ms) {
      const time = Number(ms);
      return new Promise((resolve, reject) => {
        waits += 1;
        if (waits > limits.mostWaits) throw new RangeError(`More than ${limits.mostWaits} timers`);
        tell('wait', begin(resolve, reject), '', String(time));
      });
    },
    native(...values) {
      values[0] = String(values[0]);
      const answer = isSlow[values[0]] ? undefined : apply(native, undefined, values);
      // What is much is to be done as what always takes long.
      return answer === undefined ? told(apply(applySyncPromise, slow, [undefined, values, crossing])) : answer;
    },
    later(name, values) {
      return new Promise((resolve, reject) => {
        waits += 1;
        if (waits > limits.mostWaits) throw new RangeError(`More than ${limits.mostWaits} timers`);
        later(begin(resolve, reject, known()), String(name), values);
      });
    },
    told(id) {
      return told(Number(id));
    },
    /** From here on what goes on is of this script. */
    own(script) {
      owner = newest = script;
      oldest ??= script;
      firsts[entry] ??= script;
    },
    /**
     * The same of what a timer begins; undefined: that is not known. Where it is not the first of this entry, what the one
     * before began may go on, too.
     */
    ownTimer(script) {
      if (script === undefined) {
        if (newest !== oldest) unsure[entry] = true;
        timed = entry;
        return;
      }
      if (timed === entry) {
        if (owner !== script) unsure[entry] = true;
      } else {
        timed = entry;
        firsts[entry] = script;
        delete unsure[entry];
      }
      owner = script;
    },
    /** Whose what goes on was when it began, and is now; and whether that is known well. */
    owner: known,
    owners: () => [firsts[entry] ?? owner, owner, unsure[entry] !== true],
    onUncaught(listener) {
      hearUncaught = listener;
    },
    onDropped(listener) {
      hearDropped = listener;
    },
    mend: mendBetween,
    guard,
    adopt,
  },
});

/** Tells whatever was thrown as two texts. */
function fail(error) {
  isOver = true;
  let message = '';
  let stack = '';
  try {
    message = isObject(error) && typeof error.message === 'string' ? error.message : String(error);
    if (isObject(error) && typeof error.stack === 'string') stack = error.stack;
  } catch {
    message = 'Something was thrown that cannot be shown as text';
  }
  tell('failed', 0, apply(slice, message, [0, limits.mostMessage]), apply(slice, stack, [0, limits.mostStack]));
}

function done(output) {
  isOver = true;
  if (typeof output !== 'string') tell('wrong', 0, 'nothing', '');
  else if (output.length > limits.mostOutput) tell('wrong', 0, 'large', '');
  else result = output;
}

/** Calls that the run did not wait for. */
function tellDropped() {
  const ids = ownKeys(asked);
  try {
    for (let at = 0; at < ids.length; at += 1) {
      const { name, owner } = asked[ids[at]];
      if (name !== undefined) hearDropped(name, owner ?? newest);
    }
  } catch {
    // Where it is told, foreign code may run.
  }
}

/** Getters of foreign code may throw. */
function isAsBefore(look) {
  try {
    return look().length === 0;
  } catch {
    return false;
  }
}

const entries = {
  __proto__: null,
  ready() {
    main = globalThis.main;
    delete globalThis.main;
    remember();
    return typeof main === 'function';
  },
  run(input) {
    asked = create(null);
    calls = waits = lines = checkpoints = owner = 0;
    timed = undefined;
    newest = oldest = undefined;
    firsts = create(null);
    lasts = create(null);
    unsure = create(null);
    isOver = false;
    result = undefined;
    let returned;
    try {
      returned = apply(main, undefined, [input]);
    } catch (error) {
      fail(error);
      return;
    }
    try {
      // Whose `then` this is, and whose promise it makes, is not for foreign code to say.
      if (isObject(returned)) defineProperty(returned, 'constructor', noConstructor);
      apply(then, returned, [done, fail]);
    } catch {
      done(returned);
    }
  },
  answer(id, text) {
    take(id)?.resolve(text);
  },
  refusal(id, message, code) {
    const error = new Error(message);
    if (code !== '') error.code = code;
    take(id)?.reject(error);
  },
  /** A promise was rejected in this entry, and nobody had said what then. */
  uncaught(name, message, stack, during) {
    firsts[entry] = owner = newest;
    const error = new Error(message);
    defineProperty(error, 'name', { __proto__: null, value: name, writable: true, configurable: true });
    defineProperty(error, 'stack', { __proto__: null, value: stack, writable: true, configurable: true });
    hearUncaught(error, firsts[during], lasts[during], unsure[during] !== true);
  },
  /** Lets go of what the heap has set aside for more. */
  compact() {
    gc(wholly);
  },
  /** Called behind each of the others, when nothing goes on any more: the output, if the run is over. */
  leave() {
    lasts[entry] = owner;
    if (!isOver) return undefined;
    isOver = false;
    const output = result;
    // What it left behind is dropped.
    tellDropped();
    asked = create(null);
    result = undefined;
    // What a pattern matched last is kept by V8 (`RegExp.$1`).
    apply(exec, empty, ['']);
    if (!isAsBefore(mend) || isSpoilt) tell('spoilt', 0, '', '');
    return output;
  },
  /** Whether all is as it was before foreign code ran. */
  look: () => isAsBefore(mendAll),
};

return (kind, number, first, second, third, fourth) => {
  if (number > 0) entry = number;
  return entries[kind](first, second, third, fourth);
};
