// Settings of a library rule that are typed as lines of text.

/** The lines in which something stands. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Names with what belongs to each, as lines: `skincare = face cream; spa`. */
export function writtenEntries(entries: Readonly<Record<string, unknown>>): string {
  return Object.entries(entries)
    .map(([name, value]) => `${name} = ${Array.isArray(value) ? value.join('; ') : value}`)
    .join('\n');
}

/** What such lines say; undefined: they cannot be read, see `whyNoEntries`. */
export function entriesIn(text: string, areMany: boolean): Record<string, string | string[]> | undefined {
  if (whyNoEntries(text) !== undefined) return undefined;
  const entries = linesOf(text).map(splitAtEquals);
  return Object.fromEntries(entries.map(([name, value = '']) => [name, areMany ? wordsIn(value) : value]));
}

/** Why such lines cannot be read, with the first that is wrong. */
export function whyNoEntries(text: string): string | undefined {
  const names = new Set<string>();
  for (const line of linesOf(text)) {
    const [name, value] = splitAtEquals(line);
    if (value === undefined) return `“${line}” has no =: in each line a name stands in front of one.`;
    if (name === '') return `“${line}” has no name in front of the =.`;
    if (names.has(name)) return `“${name}” is there twice: write it once.`;
    names.add(name);
  }
  return undefined;
}

/** What is meant by a path below such a setting: `skincare.1` is “skincare, spa”. */
export function refusedEntry(text: string, below: string): string {
  for (const [name, value] of linesOf(text).map(splitAtEquals)) {
    const word = below.startsWith(`${name}.`) ? wordsIn(value)[Number(below.slice(name.length + 1))] : undefined;
    if (word !== undefined) return `${name}, ${word}`;
  }
  return below;
}

function splitAtEquals(line: string): [name: string, value: string | undefined] {
  const at = line.indexOf('=');
  return at < 0 ? [line, undefined] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}

function wordsIn(value = ''): string[] {
  return value
    .split(';')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
