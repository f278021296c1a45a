// What Node does at its own start, as far as it is needed here.

import { internalBinding } from './bindings.ts';
import { takeBufferMaker } from './buffers.ts';
import { takeFetch } from './fetch-dispatcher.ts';
import { loadLazyFrom } from './hidden-properties.ts';
import { requireOfNode } from './library.ts';
import { takeDomException, takeErrorCodes } from './node-errors.ts';
import { bufferOf } from './node-parts.ts';
import { timersBinding } from './timers-binding.ts';

function callOf(id: string, name: string, ...values: unknown[]): Record<string, unknown> {
  const found = requireOfNode(id)[name];
  const answer: unknown = typeof found === 'function' ? Reflect.apply(found, undefined, values) : undefined;
  return typeof answer === 'object' && answer !== null ? { ...answer } : {};
}

function isCallback(value: unknown): value is (now?: number) => number {
  return typeof value === 'function';
}

// Node's library copies all intrinsics; these are not to be had here.
const absent = ['Atomics', 'SharedArrayBuffer', 'WebAssembly'].filter((name) => !(name in globalThis));
for (const name of absent) Object.defineProperty(globalThis, name, { value: class {}, configurable: true });
requireOfNode('internal/per_context/primordials');
for (const name of absent) Reflect.deleteProperty(globalThis, name);
Object.assign(internalBinding('messaging'), requireOfNode('internal/per_context/domexception'));
loadLazyFrom(requireOfNode);
const { codes } = requireOfNode('internal/errors');
if (typeof codes === 'object' && codes) takeErrorCodes({ ...codes });
callOf('internal/util/debuglog', 'initializeDebugEnv', undefined);
const { processImmediate, processTimers } = callOf('internal/timers', 'getTimerCallbacks', () => {});
if (isCallback(processImmediate) && isCallback(processTimers))
  timersBinding.setupTimers(processImmediate, processTimers);
takeDomException(internalBinding('messaging').DOMException);
const { Buffer } = bufferOf(requireOfNode);
takeBufferMaker((bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
takeFetch();
// It makes the classes of `internal/timers` whole.
requireOfNode('timers');
