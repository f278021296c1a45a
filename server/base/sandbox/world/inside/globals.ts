// What stands on the global object, and `$inside` for the driver of ours that comes after this file.
import { internalBinding, now } from './bindings.ts';
import { makeConsole } from './console.ts';
import { forgetAll, watchMain } from './each-run.ts';
import { enqueueMicrotask, onUncaught } from './event-loop.ts';
import { guardEach } from './guarded.ts';
import { callServer, callServerAs, host, tokensOfNode } from './host.ts';
import { requireOfNode } from './library.ts';
import { defineOldGlobals } from './old-globals.ts';
import { process } from './process.ts';
import { refused } from './refusals.ts';
import { require } from './require.ts';

function define(name: string, value: unknown, enumerable = false): void {
  Object.defineProperty(globalThis, name, { value, enumerable, writable: true, configurable: true });
}

/** Globals that are loaded when they are first looked at. They stay accessors: nothing looks changed by their use. */
export function defineLater(names: readonly string[], load: (name: string) => unknown): void {
  for (const name of names) {
    let made: { value: unknown } | undefined;
    Object.defineProperty(globalThis, name, {
      configurable: true,
      enumerable: false,
      get() {
        made ??= { value: load(name) };
        return made.value;
      },
      set: (value) => define(name, value),
    });
  }
}

const from = (id: string, names: readonly string[]) => defineLater(names, (name) => requireOfNode(id)[name]);

define('global', globalThis);
define('process', process);
define('require', require);
define('queueMicrotask', enqueueMicrotask);
define('console', makeConsole(requireOfNode));
define('DOMException', internalBinding('messaging').DOMException);
define('MessagePort', refused('MessagePort', 'code of rules and actions has one thread.'));
define('performance', {
  now,
  timeOrigin: Date.now() - now(),
  mark() {},
  measure() {},
  markResourceTiming() {},
  toJSON: () => ({}),
});
from('buffer', ['Buffer', 'atob', 'btoa', 'Blob', 'File']);
from('timers', ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate']);
from('internal/url', ['URL', 'URLSearchParams']);
from('internal/encoding', ['TextEncoder', 'TextDecoder']);
from('internal/event_target', ['Event', 'EventTarget']);
from('internal/abort_controller', ['AbortController', 'AbortSignal']);
from('internal/worker/js_transferable', ['structuredClone']);
from('stream/web', ['ReadableStream', 'WritableStream', 'TransformStream']);
from('internal/deps/undici/undici', ['fetch', 'Headers', 'Request', 'Response', 'FormData']);
from('internal/crypto/webcrypto', ['crypto', 'CryptoKey', 'SubtleCrypto']);

// The environment is the code's own, as is `global`.
const { env: environment } = process;
guardEach(process, 'process', environment);

define('$inside', {
  call: callServer,
  callAs: callServerAs,
  checkpoint: host.checkpoint,
  mend: () => host.mend(),
  guard: (value: unknown, name: string) => host.guard(value, name),
  own: host.own,
  tokens: tokensOfNode,
  mark: host.mark,
  onUncaught,
  onDropped: host.onDropped,
  reset: forgetAll,
  oldGlobals: () => defineOldGlobals(defineLater),
  takeOver() {
    Reflect.deleteProperty(globalThis, '$inside');
  },
});

watchMain();
