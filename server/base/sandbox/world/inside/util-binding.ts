// What Node's `util` and its like ask of the native half.
import { defineLazy, hiddenSymbols } from './hidden-properties.ts';

const indexes = 2 ** 32 - 1;

function isIndex(key: PropertyKey): boolean {
  if (typeof key !== 'string') return false;
  const number = Number(key);
  return Number.isInteger(number) && number >= 0 && number < indexes && String(number) === key;
}

/** `internalBinding('util')`. State of promises, entries of iterators and targets of proxies are not to be seen here. */
export const utilBinding = {
  constants: {
    kPending: 0,
    kFulfilled: 1,
    kRejected: 2,
    kExiting: 0,
    kExitCode: 1,
    kHasExitCode: 2,
    ALL_PROPERTIES: 0,
    ONLY_WRITABLE: 1,
    ONLY_ENUMERABLE: 2,
    ONLY_CONFIGURABLE: 4,
    SKIP_STRINGS: 8,
    SKIP_SYMBOLS: 16,
    kDisallowCloneAndTransfer: 0,
    kTransferable: 1,
    kCloneable: 2,
  },
  privateSymbols: hiddenSymbols,
  shouldAbortOnUncaughtToggle: [0],
  getPromiseDetails: () => [0, undefined],
  getProxyDetails: () => undefined,
  getCallerLocation: () => undefined,
  previewEntries: (_value: object, isIterator?: boolean) => (isIterator ? [[], false] : []),
  getOwnNonIndexProperties(value: object, filter: number): PropertyKey[] {
    const keys: PropertyKey[] = [];
    for (const key of Reflect.ownKeys(value)) {
      if (isIndex(key)) continue;
      if (filter & 16 && typeof key === 'symbol') continue;
      if (filter & 2 && !Object.getOwnPropertyDescriptor(value, key)?.enumerable) continue;
      keys[keys.length] = key;
    }
    return keys;
  },
  getConstructorName(value: object): string {
    for (let proto: object | null = value; proto !== null; proto = Object.getPrototypeOf(proto)) {
      const maker: unknown = Object.getOwnPropertyDescriptor(proto, 'constructor')?.value;
      if (typeof maker === 'function' && maker.name !== '') return maker.name;
    }
    return 'Object';
  },
  getExternalValue: () => 0n,
  getCallSites: () => [],
  sleep() {},
  isInsideNodeModules: () => false,
  isConstructor(value: unknown): boolean {
    if (typeof value !== 'function') return false;
    try {
      Reflect.construct(Object, [], value);
      return true;
    } catch {
      return false;
    }
  },
  guessHandleType: () => 'PIPE',
  toUSVString: (text: unknown) => String(text).toWellFormed(),
  constructSharedArrayBuffer: (size: number) => new SharedArrayBuffer(size),
  arrayBufferViewHasBuffer: () => true,
  defineLazyProperties: defineLazy,
  isArrayBufferDetached: (buffer: ArrayBuffer) => buffer.detached,
  parseEnv(text: string): Record<string, string> {
    const values: Record<string, string> = {};
    for (const [, name = '', value = ''] of text.matchAll(/^\s*(?:export\s+)?([\w.]+)\s*=\s*(.*?)\s*$/gm)) {
      values[name] = value.replace(/^(['"`])([\s\S]*)\1$/, '$2');
    }
    return values;
  },
  WeakReference: class {
    readonly #target: object;
    constructor(target: object) {
      this.#target = target;
    }
    get() {
      return this.#target;
    }
    incRef() {}
    decRef() {}
  },
};
