// `structuredClone`: the copy is made by the way out of the isolate and back, buffers that are handed over are emptied.
import { native } from './host.ts';
import { makeDomException, makeError } from './node-errors.ts';

type Load = (id: string) => Record<string, unknown>;
type Callable = (...values: unknown[]) => unknown;

const { apply } = Reflect;
const { transfer } = ArrayBuffer.prototype;
const callable = (value: unknown): value is Callable => typeof value === 'function';
const fault = (message: string) => makeDomException(message, 'DataCloneError');

/** Node's own reading of the options: what is to be handed over. */
function makeReader(load: Load): (options: unknown) => unknown[] {
  const { converters, createDictionaryConverter: make } = load('internal/webidl');
  const [key, converter] = ['transfer', Object(converters)['sequence<object>']];
  const read = callable(make) && make('StructuredSerializeOptions', [{ key, converter, defaultValue: () => [] }]);
  return (options) => {
    const how = { __proto__: null, prefix: "Failed to execute 'structuredClone'", context: 'Options' };
    const told: unknown = callable(read) ? Object(read(options, how)).transfer : [];
    return Array.isArray(told) ? told : [];
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

function copyOf(value: unknown): unknown {
  try {
    return native('clone', value);
  } catch (error) {
    // A getter of the code's own may throw, too.
    const message = error instanceof TypeError ? error.message : '';
    throw / could not be cloned\.$/.test(message) ? fault(message) : error;
  }
}

/** Makes it over Node's library. */
export function makeStructuredClone(load: Load): Callable {
  let read: ReturnType<typeof makeReader> | undefined;
  return function structuredClone(...given: unknown[]) {
    if (given.length === 0) throw makeError('ERR_MISSING_ARGS', 'The value argument must be specified');
    read ??= makeReader(load);
    const buffers = buffersOf(read(given[1]));
    const copy = copyOf(given[0]);
    for (const one of buffers) apply(transfer, one, []);
    return copy;
  };
}
