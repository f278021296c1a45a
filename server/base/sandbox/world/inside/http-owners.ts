// Whose a request of Node's HTTP client is. Its connection does not tell: the agent uses one again for other scripts, also
// in later runs, and hands it on while the script goes on whose request it was before.
import { host } from './host.ts';

const { apply, construct, defineProperty, setPrototypeOf } = Reflect;
const { get, has, set } = WeakMap.prototype;
const owners = new WeakMap<object, number | null>();

/** The script that has made a request, if that is known; undefined: it is no request. */
export function ownerOf(request: unknown): number | null | undefined {
  return apply(has, owners, [request]) ? apply(get, owners, [request]) : undefined;
}

function note(request: unknown, owner: number | null): void {
  if (typeof request === 'object' && request !== null) apply(set, owners, [request, owner]);
}

/** Node's `_http_client`, whose class of requests notes who makes one. To whoever looks it is the same class. */
export function withOwners(exports: Record<string, unknown>): Record<string, unknown> {
  const { ClientRequest: Base } = exports;
  if (typeof Base !== 'function') return exports;
  const traps: ProxyHandler<typeof Base> = {
    construct(target, values, newTarget) {
      const owner = host.owner();
      const made: object = construct(target, values, newTarget === ClientRequest ? target : newTarget);
      note(made, owner);
      return made;
    },
    apply(target, self, values) {
      note(self, host.owner());
      return apply(target, self, values);
    },
  };
  // What code puts into the prototype of all objects is no trap.
  setPrototypeOf(traps, null);
  const ClientRequest: unknown = new Proxy(Base, traps);
  const found = { value: ClientRequest, writable: true, enumerable: false, configurable: true };
  defineProperty(Base.prototype, 'constructor', found);
  return { ...exports, ClientRequest };
}
