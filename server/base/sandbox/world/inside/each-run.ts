// An isolate serves one run after another. What one has left waiting is not to go on in the next.
import { forgetWaiting, turn } from './event-loop.ts';
import { requireOfNode } from './library.ts';
import { forgetAlarm } from './timers-binding.ts';

const { apply } = Reflect;
const { timerListMap, timerListQueue, immediateQueue } = requireOfNode('internal/timers');

function isQueue(value: unknown): value is { shift(): unknown } {
  return typeof value === 'object' && value !== null && 'shift' in value;
}

/** Forgets all that waits. */
export function forgetAll(): void {
  forgetWaiting();
  for (const key of Reflect.ownKeys(Object(timerListMap))) Reflect.deleteProperty(Object(timerListMap), key);
  while (isQueue(timerListQueue) && timerListQueue.shift() !== undefined);
  Object.assign(Object(immediateQueue), { head: null, tail: null });
  forgetAlarm();
}

/** Has whatever a driver leaves as `main` begin with nothing waiting, in a turn of its own. */
export function watchMain(): void {
  let main: unknown;
  Object.defineProperty(globalThis, 'main', {
    configurable: true,
    get: () => main,
    set(given: unknown) {
      main = typeof given !== 'function' ? given : (...values: unknown[]) => begin(given, values);
    },
  });
}

function begin(given: object, values: unknown[]): unknown {
  forgetAll();
  let result: unknown;
  let thrown: { error: unknown } | undefined;
  turn(() => {
    try {
      result = typeof given === 'function' ? apply(given, undefined, values) : undefined;
    } catch (error) {
      thrown = { error };
    }
  });
  if (thrown) throw thrown.error;
  return result;
}
