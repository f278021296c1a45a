/** Names and single values, as OAuth parameters are. */
export type Fields = Readonly<Record<string, string>>;

function entriesOf(source: unknown): [string, unknown][] {
  return typeof source === 'object' && source !== null ? Object.entries(source) : [];
}

/** The single, non-empty values of a query or form. RFC 6749 3.1: a parameter without a value counts as left out. */
export function readFields(source: unknown): Fields {
  const kept: [string, string][] = [];
  for (const [name, value] of entriesOf(source)) {
    if (typeof value === 'string' && value !== '') kept.push([name, value]);
  }
  return Object.fromEntries(kept);
}

/** The first parameter sent more than once, or null. RFC 6749 3.1 forbids it. */
export function repeatedField(source: unknown): string | null {
  return entriesOf(source).find(([, value]) => Array.isArray(value))?.[0] ?? null;
}

/** All values of one name, as checkboxes send them. */
export function readList(source: unknown, name: string): string[] {
  const found = entriesOf(source).find(([key]) => key === name)?.[1];
  const values: unknown[] = Array.isArray(found) ? found : [found];
  return values.filter((value) => typeof value === 'string');
}
