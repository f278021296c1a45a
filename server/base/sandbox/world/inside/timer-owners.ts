// Whose a timer is. Node has one alarm for all of them, which does not tell.
import { host } from './host.ts';

const { apply, setPrototypeOf } = Reflect;

/** Node's `timers`, where what a timer calls is of the script that has set it. To whoever looks they are the same functions. */
export function withTimerOwners(exports: Record<string, unknown>): Record<string, unknown> {
  const owned = { ...exports };
  for (const name of ['setTimeout', 'setInterval', 'setImmediate']) {
    const base = exports[name];
    if (typeof base !== 'function') continue;
    const traps: ProxyHandler<typeof base> = {
      apply(target, self, values) {
        const owner = host.owner();
        const called: unknown = values[0];
        if (owner !== null && typeof called === 'function') {
          values[0] = function (this: unknown, ...given: unknown[]) {
            host.ownTimer(owner);
            return apply(called, this, given);
          };
        }
        return apply(target, self, values);
      },
    };
    // What code puts into the prototype of all objects is no trap.
    setPrototypeOf(traps, null);
    owned[name] = new Proxy(base, traps);
  }
  return owned;
}
