/** Any JSON value, as PostgreSQL's jsonb holds it. */
export type Json = string | number | boolean | null | Json[] | JsonObject;

/** A JSON object: names to values. */
export type JsonObject = { [name: string]: Json };

/** Is this JSON value an object (not an array, not null)? */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
