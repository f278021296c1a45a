import { z } from 'zod';

/** Any JSON value, as PostgreSQL's jsonb holds it. */
export type Json = string | number | boolean | null | Json[] | JsonObject;

/** A JSON object: names to values. */
export type JsonObject = { [name: string]: Json };

/** Is this JSON value an object (not an array, not null)? */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * For what `JSON.parse` gave, and so can be nothing else. `z.json()` looks at all that is in it, which takes most of a second
 * for a megabyte.
 */
export const parsedJson = z.custom<Json>((value) => value !== undefined);
/** The same of an object. */
export const parsedObject = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

// However the name is escaped: `JSON.stringify` writes none of its letters so.
const mayNamePrototype = /__proto__|\\u00[4-7]/i;

/**
 * The JSON of a text that foreign code wrote; undefined: it is none. Nothing in it has the name `__proto__`: who copies an
 * object name by name would make that what the copy inherits.
 */
export function foreignJson(text: string): Json | undefined {
  try {
    const found: Json = JSON.parse(text);
    if (mayNamePrototype.test(text)) dropPrototypes(found);
    return found;
  } catch {
    return undefined;
  }
}

function dropPrototypes(value: Json): void {
  const waiting: Json[] = [value];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    if (typeof one !== 'object' || one === null) continue;
    Reflect.deleteProperty(one, '__proto__');
    for (const part of Object.values(one)) if (typeof part === 'object' && part !== null) waiting.push(part);
  }
}

/** What there is: an object without the names that have no value. */
export function withoutUndefined(values: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(values).filter((pair): pair is [string, Json] => pair[1] !== undefined));
}

/** Are these the same JSON value? The order of an object's names does not matter, and -0 is 0, as in jsonb. */
export function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => sameJson(item, b[index] ?? null));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && sameJson(a[name] ?? null, b[name] ?? null))
  );
}

const deepest = 64;

/** Can PostgreSQL hold it: no NUL, no halves of surrogate pairs, no nesting without end? */
export function isStorable(value: Json, depth = 0): boolean {
  if (typeof value === 'string') return isText(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth === deepest) return false;
  return Object.entries(value).every(([name, inner]) => isText(name) && isStorable(inner, depth + 1));
}

/** A text that only tells something, such as the message of an error, as far as PostgreSQL can hold it. */
export function toStorable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '');
}

function isText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
