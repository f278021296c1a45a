// The structured clone algorithm of HTML, inside: what it takes counts as the code's. A proxy is copied as what it shows,
// which Node refuses: nothing tells one here.
import { makeDomException } from './node-errors.ts';
import { typesBinding as is } from './types-binding.ts';

type Callable = (...values: unknown[]) => unknown;
type Copies = Map<unknown, object>;

// Taken before other code can change them.
const { apply, construct, defineProperty, get, getOwnPropertyDescriptor, getPrototypeOf, set, setPrototypeOf } =
  Reflect;
const { hasOwn, keys } = Object;
const { isArray } = Array;
const { isView } = ArrayBuffer;
const { forEach: eachOf, get: copyOf, set: keep } = Map.prototype;
const { forEach: eachIn, add } = Set.prototype;
const { getTime } = Date.prototype;
const { toString: textOfFunction } = Function.prototype;
const { prototype: objects } = Object;
const { toString: tagOf } = objects;
const [OwnMap, OwnSet, OwnDate, OwnRegExp, OwnDataView, OwnError] = [Map, Set, Date, RegExp, DataView, Error];
const [Bytes, boxed, text] = [Uint8Array, Object, String];
const typedArray = getPrototypeOf(Uint8Array.prototype) ?? {};

function getter(prototype: object, name: PropertyKey): Callable {
  return getOwnPropertyDescriptor(prototype, name)?.get ?? (() => undefined);
}

const isDetached = getter(ArrayBuffer.prototype, 'detached');
const [sourceOf, flagsOf] = [getter(RegExp.prototype, 'source'), getter(RegExp.prototype, 'flags')];
const [nameOfArray, lengthOf] = [getter(typedArray, Symbol.toStringTag), getter(typedArray, 'length')];
const views = {
  array: { bufferOf: getter(typedArray, 'buffer'), offsetOf: getter(typedArray, 'byteOffset') },
  data: { bufferOf: getter(DataView.prototype, 'buffer'), offsetOf: getter(DataView.prototype, 'byteOffset') },
};
const bytesOfView = getter(DataView.prototype, 'byteLength');
const arrays: Readonly<Record<string, unknown>> = {
  __proto__: null,
  ...{ Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array },
  ...{ BigInt64Array, BigUint64Array, Float16Array: get(globalThis, 'Float16Array'), Float32Array, Float64Array },
};
const errors: Readonly<Record<string, ErrorConstructor>> = Object.assign(Object.create(null), {
  ...{ EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError },
});
// Lists are gone through by place, and frozen: how a list is taken apart is foreign code's to say, and finds them then.
const unboxed = Object.freeze([
  Object.freeze({ kind: 'NumberObject', read: Number.prototype.valueOf }),
  Object.freeze({ kind: 'StringObject', read: String.prototype.valueOf }),
  Object.freeze({ kind: 'BooleanObject', read: Boolean.prototype.valueOf }),
  Object.freeze({ kind: 'BigIntObject', read: BigInt.prototype.valueOf }),
]);
/** What is no data, as V8 calls it. */
const refused = Object.freeze(
  [
    { kind: 'Promise', name: '#<Promise>' },
    { kind: 'WeakMap', name: '#<WeakMap>' },
    { kind: 'WeakSet', name: '#<WeakSet>' },
    { kind: 'SymbolObject', name: '[object Symbol]' },
    { kind: 'GeneratorObject', name: '[object Generator]' },
    { kind: 'MapIterator', name: '[object Map Iterator]' },
    { kind: 'SetIterator', name: '[object Set Iterator]' },
  ].map((one) => Object.freeze(one)),
);

const isOf = (kind: string, value: unknown) => is[`is${kind}`]?.(value) === true;
/** What is thrown for what is not copied. */
export const cloneFault = (message: string) => makeDomException(message, 'DataCloneError');
const refusal = (name: string) => cloneFault(`${name} could not be cloned.`);

type Described = { value: unknown; writable: true; enumerable: boolean; configurable: true };

/** Made once: one for each value took longer than all else. */
function described(enumerable: boolean): Described {
  const how: Described = { value: undefined, writable: true, enumerable, configurable: true };
  setPrototypeOf(how, null);
  return how;
}
const [shown, hidden] = [described(true), described(false)];

function put(copy: object, name: PropertyKey, value: unknown, how = shown): void {
  how.value = value;
  defineProperty(copy, name, how);
  how.value = undefined;
}

function copyBuffer(value: unknown): object {
  if (apply(isDetached, value, []) === true) throw cloneFault('An ArrayBuffer is detached and could not be cloned.');
  return boxed(apply(views.array.bufferOf, construct(Bytes, [construct(Bytes, [value])]), []));
}

function copyView(value: object, copies: Copies): object {
  const isData = isOf('DataView', value);
  const { bufferOf, offsetOf } = isData ? views.data : views.array;
  const buffer = copied(apply(bufferOf, value, []), copies);
  const offset = apply(offsetOf, value, []);
  if (isData) return construct(OwnDataView, [buffer, offset, apply(bytesOfView, value, [])]);
  const made = arrays[text(apply(nameOfArray, value, []))];
  if (typeof made !== 'function') throw refusal('#<Object>');
  return construct(made, [buffer, offset, apply(lengthOf, value, [])]);
}

function copyError(value: object, copies: Copies): object {
  const copy: object = keepCopy(copies, value, construct(errors[text(get(value, 'name'))] ?? OwnError, []));
  const message = getOwnPropertyDescriptor(value, 'message');
  const cause = getOwnPropertyDescriptor(value, 'cause');
  if (message && hasOwn(message, 'value')) put(copy, 'message', text(message.value), hidden);
  const stack = get(value, 'stack');
  put(copy, 'stack', typeof stack === 'string' ? stack : undefined, hidden);
  if (cause && hasOwn(cause, 'value')) put(copy, 'cause', copied(cause.value, copies), hidden);
  return copy;
}

function keepCopy<Copy extends object>(copies: Copies, value: unknown, copy: Copy): Copy {
  apply(keep, copies, [value, copy]);
  return copy;
}

/** What is in it is read before any of it is copied: a getter may change it. */
function copyMap(value: object, copies: Copies): object {
  const copy = keepCopy(copies, value, new OwnMap());
  const entries: [unknown, unknown][] = [];
  apply(eachOf, value, [(one: unknown, key: unknown) => put(entries, entries.length, [key, one])]);
  for (let at = 0; at < entries.length; at += 1) {
    const entry = entries[at];
    apply(keep, copy, [copied(entry?.[0], copies), copied(entry?.[1], copies)]);
  }
  return copy;
}

function copySet(value: object, copies: Copies): object {
  const copy = keepCopy(copies, value, new OwnSet());
  const values: unknown[] = [];
  apply(eachIn, value, [(one: unknown) => put(values, values.length, one)]);
  for (let at = 0; at < values.length; at += 1) apply(add, copy, [copied(values[at], copies)]);
  return copy;
}

/** As nearly all is: the other kinds are looked for one by one. */
function isPlain(value: object): boolean {
  return isArray(value) || (getPrototypeOf(value) === objects && apply(tagOf, value, []) === '[object Object]');
}

function copyPlain(value: object, copies: Copies): object {
  const copy: object = keepCopy(copies, value, isArray(value) ? [] : {});
  if (isArray(value)) set(copy, 'length', value.length);
  const names = keys(value);
  for (let at = 0; at < names.length; at += 1) {
    const name = names[at] ?? '';
    if (hasOwn(value, name)) put(copy, name, copied(get(value, name), copies));
  }
  return copy;
}

/**
 * A copy of the value, as HTML's structured clone makes it.
 *
 * @param copies what was copied already
 * @throws DataCloneError for what cannot be copied; whatever a getter of it throws
 */
export function copied(value: unknown, copies: Copies): unknown {
  if (typeof value === 'function') throw refusal(apply(textOfFunction, value, []));
  if (typeof value === 'symbol') throw refusal(text(value));
  if (typeof value !== 'object' || value === null) return value;
  const known: unknown = apply(copyOf, copies, [value]);
  if (known !== undefined) return known;
  if (isPlain(value)) return copyPlain(value, copies);
  if (isOf('Map', value)) return copyMap(value, copies);
  if (isOf('Set', value)) return copySet(value, copies);
  if (isOf('NativeError', value)) return copyError(value, copies);
  const leaf = isView(value) ? copyView(value, copies) : copyLeaf(value);
  return leaf ? keepCopy(copies, value, leaf) : copyPlain(value, copies);
}

/** What has nothing below it. */
function copyLeaf(value: object): object | undefined {
  if (isOf('AnyArrayBuffer', value)) return copyBuffer(value);
  if (isOf('Date', value)) return construct(OwnDate, [apply(getTime, value, [])]);
  if (isOf('RegExp', value)) return construct(OwnRegExp, [apply(sourceOf, value, []), apply(flagsOf, value, [])]);
  for (let at = 0; at < unboxed.length; at += 1) {
    const one = unboxed[at];
    if (one && isOf(one.kind, value)) return boxed(apply(one.read, value, []));
  }
  for (let at = 0; at < refused.length; at += 1) {
    const one = refused[at];
    if (one && isOf(one.kind, value)) throw refusal(one.name);
  }
  return undefined;
}
