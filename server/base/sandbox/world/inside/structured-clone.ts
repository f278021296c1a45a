// `structuredClone`: what is to be handed over is read as Node reads it, and emptied when the copy is there.
import { makeError } from './node-errors.ts';
import { copied, cloneFault as fault } from './structured-copy.ts';

type Load = (id: string) => Record<string, unknown>;
type Callable = (...values: unknown[]) => unknown;

const { apply } = Reflect;
const { transfer } = ArrayBuffer.prototype;
const { isArray } = Array;
const [OwnMap, objectOf] = [Map, Object];
const callable = (value: unknown): value is Callable => typeof value === 'function';

/** Node's own reading of the options: what is to be handed over. */
function makeReader(load: Load): (options: unknown) => unknown[] {
  const { converters, createDictionaryConverter: make } = load('internal/webidl');
  const key = 'transfer';
  // Not by a list that is taken apart: what that does is foreign code's to say.
  const converter: unknown = objectOf(converters)['sequence<object>'];
  const read = callable(make) && make('StructuredSerializeOptions', [{ key, converter, defaultValue: () => [] }]);
  return (options) => {
    const how = { __proto__: null, prefix: "Failed to execute 'structuredClone'", context: 'Options' };
    const told: unknown = callable(read) ? objectOf(read(options, how)).transfer : [];
    return isArray(told) ? told : [];
  };
}

function buffersOf(values: readonly unknown[]): ArrayBuffer[] {
  const buffers: ArrayBuffer[] = [];
  for (const value of values) {
    if (!(value instanceof ArrayBuffer)) throw fault('Found invalid value in transferList.');
    if (buffers.includes(value)) throw fault('Transfer list contains duplicate ArrayBuffer');
    if (value.detached) throw fault('Cannot transfer object of unsupported type.');
    buffers.push(value);
  }
  return buffers;
}

/** Makes it over Node's library. */
export function makeStructuredClone(load: Load): Callable {
  let read: ReturnType<typeof makeReader> | undefined;
  return function structuredClone(...given: unknown[]) {
    if (given.length === 0) throw makeError('ERR_MISSING_ARGS', 'The value argument must be specified');
    read ??= makeReader(load);
    const buffers = buffersOf(read(given[1]));
    const copy = copied(given[0], new OwnMap());
    // They are handed over: whoever had them has them no more.
    for (const one of buffers) apply(transfer, one, []);
    return copy;
  };
}
