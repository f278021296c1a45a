import { isJsonObject, type Json, sameJson } from '../../base/json.ts';

/**
 * What is left of a value when some are "not for me": undefined if it is one of them, a list without the items that
 * are, else the value as it is. All are compared with the value as it was, so that their order does not matter.
 */
export function valueWithout(value: Json, excluded: readonly Json[]): Json | undefined {
  if (excluded.some((one) => sameJson(value, one))) return undefined;
  if (!Array.isArray(value)) return value;
  const left = value.filter((item) => !excluded.some((one) => isExcludedItem(item, one)));
  return left.length === value.length ? value : left;
}

/** Does this value hold the excluded one, as itself or as an item? Then saying it anew contradicts the exclusion. */
export function holds(value: Json, excluded: Json): boolean {
  return sameJson(value, excluded) || (Array.isArray(value) && value.some((item) => isExcludedItem(item, excluded)));
}

/** Items with an `id` (a network's likes) are known by it: their name or category may have changed since. */
function isExcludedItem(item: Json, excluded: Json): boolean {
  if (sameJson(item, excluded)) return true;
  const id = isJsonObject(item) ? item.id : undefined;
  if (id === undefined || id === null) return false;
  const other = isJsonObject(excluded) ? excluded.id : excluded;
  return other !== undefined && sameJson(id, other);
}
