// What code changes of Node's own parts is not to be seen by the next customer: they look for ever as when they were loaded.
// Parts are loaded while other code runs, too, which may have said what happens to lists and to all objects.
import { host } from './host.ts';

const { getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
const { hasOwn, prototype: objects } = Object;

/**
 * Has it put back what code changes of a part of Node: of its classes, and where code can ask for the part, of the part
 * itself and of the objects in it.
 */
export function guardPart(id: string, exports: unknown, isPublic: boolean): void {
  if (isPublic || isClass(exports)) host.guard(exports, id);
  if (!isObject(exports)) return;
  const keys = ownKeys(exports);
  for (let at = 0; at < keys.length; at += 1) {
    const value = dataOf(exports, keys[at] ?? '');
    const isShared = (isPublic && id !== 'process') || id === 'internal/crypto/webcrypto';
    if (!isClass(value) && !(isShared && typeof value === 'object' && value !== null)) continue;
    const name = String(keys[at]);
    host.guard(value, name in globalThis ? name : `${id}.${name}`);
  }
}

/** Has it put back what code changes of an object's objects. */
export function guardEach(all: object, name: string, but: unknown): void {
  for (const [key, value] of Object.entries(all)) if (value !== but) host.guard(value, `${name}.${key}`);
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function dataOf(object: object, key: PropertyKey): unknown {
  const property = getOwnPropertyDescriptor(object, key);
  return property !== undefined && hasOwn(property, 'value') ? property.value : undefined;
}

// A function that was declared has a prototype, too, which nobody inherits from.
function isClass(value: unknown): boolean {
  if (typeof value !== 'function') return false;
  const prototype = dataOf(value, 'prototype');
  if (!isObject(prototype)) return false;
  return ownKeys(prototype).length > 1 || getPrototypeOf(prototype) !== objects;
}
