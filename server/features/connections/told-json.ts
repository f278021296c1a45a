import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';

/** The value at a dotted path of names and list positions (`data.0.url`), or undefined. */
export function at(json: Json | undefined, path: string): Json | undefined {
  let found: Json | undefined = json;
  for (const name of path.split('.')) {
    if (Array.isArray(found)) found = found[Number(name)];
    else found = isJsonObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  }
  return found;
}

/** The object at a path; an empty one where there is none. */
export function objectAt(json: Json | undefined, path?: string): JsonObject {
  const found = path === undefined ? json : at(json, path);
  return isJsonObject(found) ? found : {};
}

/** The list at a path; an empty one where there is none. */
export function listAt(json: Json | undefined, path?: string): Json[] {
  const found = path === undefined ? json : at(json, path);
  return Array.isArray(found) ? found : [];
}

/** The text at a path, or undefined. */
export function textAt(json: Json | undefined, path: string): string | undefined {
  const found = at(json, path);
  return typeof found === 'string' ? found : undefined;
}
