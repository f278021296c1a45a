import type { User } from './api.ts';

/** The value at a path of a user, or of a part of one. */
export function valueAt(user: Partial<User>, path: string): unknown {
  const [place, key] = splitPath(path);
  const found = user[place];
  if (key === undefined) return found;
  return typeof found === 'object' && found !== null ? new Map(Object.entries(found)).get(key) : undefined;
}

/** The place in which a path stands, and its name there; a root attribute has no other name. */
export function splitPath(path: string): [place: string, key: string | undefined] {
  const dot = path.indexOf('.');
  return dot < 0 ? [path, undefined] : [path.slice(0, dot), path.slice(dot + 1)];
}
