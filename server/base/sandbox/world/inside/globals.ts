// What stands on the global object, and `$inside` for the driver of ours that comes after this file.
import { internalBinding, now } from './bindings.ts';
import { enqueueMicrotask, forgetWaiting, onUncaught } from './event-loop.ts';
import { callServer, host } from './host.ts';
import { requireOfNode } from './library.ts';
import { makeConsole } from './console.ts';
import { process } from './process.ts';
import { refused } from './refusals.ts';
import { require, requireOld } from './require.ts';

const { stringify } = JSON;

function define(name: string, value: unknown, enumerable = false): void {
  Object.defineProperty(globalThis, name, { value, enumerable, writable: true, configurable: true });
}

function defineLater(names: readonly string[], load: (name: string) => unknown): void {
  for (const name of names) {
    Object.defineProperty(globalThis, name, {
      configurable: true,
      enumerable: false,
      get() {
        const value = load(name);
        define(name, value);
        return value;
      },
      set: (value) => define(name, value),
    });
  }
}

const from = (id: string, names: readonly string[]) => defineLater(names, (name) => requireOfNode(id)[name]);

define('global', globalThis);
define('process', process);
define('require', require);
define('queueMicrotask', enqueueMicrotask, true);
from('buffer', ['Buffer', 'atob', 'btoa', 'Blob', 'File']);
from('timers', ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate']);
from('internal/url', ['URL', 'URLSearchParams']);
from('internal/encoding', ['TextEncoder', 'TextDecoder']);
from('internal/event_target', ['Event', 'EventTarget']);
from('internal/abort_controller', ['AbortController', 'AbortSignal']);
from('internal/worker/js_transferable', ['structuredClone']);
from('stream/web', ['ReadableStream', 'WritableStream', 'TransformStream']);
from('internal/deps/undici/undici', ['Headers', 'Request', 'Response', 'FormData', 'fetch']);
from('internal/crypto/webcrypto', ['crypto', 'CryptoKey', 'SubtleCrypto']);
defineLater(['console'], () => makeConsole(requireOfNode));
define('DOMException', internalBinding('messaging').DOMException);
define('MessagePort', refused('MessagePort', 'code of rules and actions has one thread.'));
define('performance', { now, timeOrigin: Date.now(), mark() {}, measure() {}, toJSON: () => ({}) });

define('$inside', {
  call: callServer,
  checkpoint: (value: unknown) => host.checkpoint(stringify(value)),
  onUncaught,
  reset: forgetWaiting,
  oldGlobals: () => requireOld,
  takeOver() {
    Reflect.deleteProperty(globalThis, '$inside');
  },
});
