// What code changes of Node's own parts is not to be seen by the next customer: they look for ever as when they were loaded.
import { host } from './host.ts';

const { getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;

/** Has it put back what code changes of a part of Node: of its classes, and of the part itself where code can ask for it. */
export function guardPart(id: string, exports: unknown, isPublic: boolean): void {
  if (isPublic || isClass(exports)) host.guard(exports, id);
  if ((typeof exports !== 'object' && typeof exports !== 'function') || exports === null) return;
  for (const key of ownKeys(exports)) {
    const value: unknown = getOwnPropertyDescriptor(exports, key)?.value;
    if (!isClass(value)) continue;
    const name = String(key);
    host.guard(value, name in globalThis ? name : `${id}.${name}`);
  }
}

/** Has it put back what code changes of an object's objects. */
export function guardEach(objects: object, name: string, but: readonly unknown[]): void {
  for (const [key, value] of Object.entries(objects)) if (!but.includes(value)) host.guard(value, `${name}.${key}`);
}

// A function that was declared has a prototype, too, which nobody inherits from.
function isClass(value: unknown): boolean {
  if (typeof value !== 'function') return false;
  const { prototype } = value;
  if (typeof prototype !== 'object' || prototype === null) return false;
  return ownKeys(prototype).length > 1 || getPrototypeOf(prototype) !== Object.prototype;
}
