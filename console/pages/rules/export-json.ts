// What files of an export hold, before it is known what it is.

export type Json = Readonly<Record<string, unknown>>;

/** @throws SyntaxError that tells the place */
export function parseJson(text: string): unknown {
  return JSON.parse(text.replace(/^\uFEFF/, ''));
}

/** What of a list is no value; of anything else nothing. */
export function recordsIn(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
