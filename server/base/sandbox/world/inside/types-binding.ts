// What a value is, told by what only such a value can do; the engine's own tests are not within reach here.

type Test = (value: unknown) => boolean;

const { call } = Function.prototype;
const tagOf = call.bind(Object.prototype.toString);
const protoOf = Object.getPrototypeOf;

/** True if a method, or a getter, works on the value. */
function works(method: unknown): Test {
  if (typeof method !== 'function') return () => false;
  const act = call.bind(method);
  return (value) => {
    if (typeof value !== 'object' || value === null) return false;
    try {
      act(value);
      return true;
    } catch {
      return false;
    }
  };
}

function getter(prototype: object, name: PropertyKey): unknown {
  return Object.getOwnPropertyDescriptor(prototype, name)?.get;
}

function probe<Key extends object>(has: (key: Key) => boolean, probeKey: Key): Test {
  const act = call.bind(has);
  return (value) => {
    if (typeof value !== 'object' || value === null) return false;
    try {
      act(value, probeKey);
      return true;
    } catch {
      return false;
    }
  };
}

/** A kind that shows itself by its tag and by standing under a prototype of the engine's own. */
function tagged(tag: string, ...prototypes: (object | null)[]): Test {
  return (value) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
    if (tagOf(value) !== `[object ${tag}]`) return false;
    for (let proto = protoOf(value); proto !== null; proto = protoOf(proto)) {
      for (const wanted of prototypes) if (proto === wanted) return true;
    }
    return false;
  };
}

const generator = function* () {};
const asyncGenerator = async function* () {};
const isBoxed = {
  number: works(Number.prototype.valueOf),
  string: works(String.prototype.valueOf),
  boolean: works(Boolean.prototype.valueOf),
  bigint: works(BigInt.prototype.valueOf),
  symbol: works(Symbol.prototype.valueOf),
};
const isArrayBuffer = works(getter(ArrayBuffer.prototype, 'byteLength'));
const isShared =
  typeof SharedArrayBuffer === 'undefined' ? () => false : works(getter(SharedArrayBuffer.prototype, 'byteLength'));
const isError: unknown = Reflect.get(Error, 'isError');
const nothing: Test = () => false;

/** `internalBinding('types')` */
export const typesBinding: Record<string, Test> = {
  isExternal: nothing,
  isProxy: nothing,
  isEventTarget: nothing,
  isDate: works(Date.prototype.getTime),
  isArgumentsObject: (value) =>
    tagOf(value) === '[object Arguments]' && !(Object(value)[Symbol.toStringTag] === 'Arguments'),
  isBigIntObject: isBoxed.bigint,
  isBooleanObject: isBoxed.boolean,
  isNumberObject: isBoxed.number,
  isStringObject: isBoxed.string,
  isSymbolObject: isBoxed.symbol,
  isBoxedPrimitive: (value) =>
    isBoxed.number(value) ||
    isBoxed.string(value) ||
    isBoxed.boolean(value) ||
    isBoxed.bigint(value) ||
    isBoxed.symbol(value),
  isNativeError: (value) => typeof isError === 'function' && Reflect.apply(isError, Error, [value]) === true,
  isRegExp: works(
    getter(RegExp.prototype, 'flags') && Object.getOwnPropertyDescriptor(RegExp.prototype, 'source')?.get,
  ),
  isAsyncFunction: (value) =>
    typeof value === 'function' &&
    (tagOf(value) === '[object AsyncFunction]' || tagOf(value) === '[object AsyncGeneratorFunction]'),
  isGeneratorFunction: (value) =>
    typeof value === 'function' &&
    (tagOf(value) === '[object GeneratorFunction]' || tagOf(value) === '[object AsyncGeneratorFunction]'),
  isGeneratorObject: tagged('Generator', protoOf(generator.prototype), protoOf(asyncGenerator.prototype)),
  isPromise: tagged('Promise', Promise.prototype),
  isMap: works(getter(Map.prototype, 'size')),
  isSet: works(getter(Set.prototype, 'size')),
  isMapIterator: tagged('Map Iterator', protoOf(new Map().entries())),
  isSetIterator: tagged('Set Iterator', protoOf(new Set().values())),
  isWeakMap: probe(WeakMap.prototype.has, {}),
  isWeakSet: probe(WeakSet.prototype.has, {}),
  isArrayBuffer,
  isDataView: works(getter(DataView.prototype, 'byteLength')),
  isSharedArrayBuffer: isShared,
  isAnyArrayBuffer: (value) => isArrayBuffer(value) || isShared(value),
  isModuleNamespaceObject: nothing,
};
