// Modules that reach for the machine: they may be loaded, since packages load them for the rare case, and refuse use.
import { refusalOf } from '../refused-names.ts';

function refusal(message: string): Error {
  return Object.assign(new Error(message), { code: 'ERR_REGULARS_NOT_HERE' });
}

/** A function, or class, that refuses to be used. */
export function refused(what: string, sentence = 'code of rules and actions serves nobody itself.') {
  return class {
    constructor() {
      throw refusal(`${what} does not work here: ${sentence}`);
    }
  };
}

/** Such a module. What works without the machine is handed in. */
export function refusedModule(name: string, works: Record<string, unknown> = {}): Record<string, unknown> {
  return new Proxy<Record<string, unknown>>(works, { get: refusing(name) });
}

/** A global of long ago that stood for such a module, or for a part of one: most were called. */
export function refusedGlobal(name: string): object {
  const refuses = (): never => {
    throw refusal(refusalOf(name));
  };
  return new Proxy(function refused() {}, { get: refusing(name), apply: refuses, construct: refuses });
}

/** What stands there by any name: a function that refuses. */
function refusing(name: string): (target: object, key: string | symbol) => unknown {
  return (target, key) => {
    if (typeof key === 'symbol' || Object.hasOwn(target, key)) return Reflect.get(target, key);
    if (key === 'then' || key === '__esModule' || key === 'toJSON') return undefined;
    if (key === 'promises') return refusedModule(`${name}/promises`);
    if (key === 'constants') return {};
    return function refuses() {
      throw refusal(refusalOf(`${name}.${key}`, name));
    };
  };
}
