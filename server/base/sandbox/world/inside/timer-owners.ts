// Whose a timer is. Node has one alarm for all of them, which does not tell.
import { host } from './host.ts';

const { apply, setPrototypeOf } = Reflect;
const { get, set } = WeakMap.prototype;
const owners = new WeakMap<object, number>();

/** Node's `timers`, which note whose script sets one. To whoever looks they are the same functions. */
export function withTimerOwners(exports: Record<string, unknown>): Record<string, unknown> {
  const noting = { ...exports };
  for (const name of ['setTimeout', 'setInterval', 'setImmediate']) {
    const base = exports[name];
    if (typeof base !== 'function') continue;
    const traps: ProxyHandler<typeof base> = {
      apply(target, self, values) {
        const owner = host.owner();
        const timer: unknown = apply(target, self, values);
        if (owner !== null && typeof timer === 'object' && timer !== null) apply(set, owners, [timer, owner]);
        return timer;
      },
    };
    // What code puts into the prototype of all objects is no trap.
    setPrototypeOf(traps, null);
    noting[name] = new Proxy(base, traps);
  }
  return noting;
}

function isTimer(resource: unknown): boolean {
  return typeof resource === 'object' && resource !== null && ('_onTimeout' in resource || '_onImmediate' in resource);
}

/** Node's `internal/async_hooks`, which it tells of each timer before that goes off: what it calls is of who has set it. */
export function withOwnersBefore(exports: Record<string, unknown>): Record<string, unknown> {
  const { emitBefore: base } = exports;
  if (typeof base !== 'function') return exports;
  const emitBefore = (id: unknown, trigger: unknown, resource: unknown) => {
    // Others than timers go on with what is known already.
    if (isTimer(resource)) host.ownTimer(apply(get, owners, [resource]));
    return apply(base, undefined, [id, trigger, resource]);
  };
  return { ...exports, emitBefore };
}
