// Which attributes somebody may read or write, as a list of paths: `given_name`, all that begins with something
// (`user_metadata.*`, `app_metadata.income*`, `*`), or `sensitive`, whatever the catalogue calls so at that moment. What
// a leading `-` names is taken away, wherever in the list it stands. The server decides by it; the console shows by it.

/** A list of paths that is ready to be asked. */
export type PathRule = {
  /** As it is written. */
  readonly paths: readonly string[];
  readonly sensitive: ReadonlySet<string>;
};

/** May a value at this path be read (or written) by this rule? */
export function allows({ paths, sensitive }: PathRule, path: string): boolean {
  const matches = (pattern: string) => (pattern === 'sensitive' ? sensitive.has(path) : covers(pattern, path));
  let given = false;
  for (const one of paths) {
    const isTaken = one.startsWith('-');
    if (isTaken && matches(one.slice(1))) return false;
    if (!isTaken && !given) given = matches(one);
  }
  return given;
}

/** Does this rule allow every path, whatever the catalogue says? */
export function allowsAll({ paths }: Pick<PathRule, 'paths'>): boolean {
  return paths.includes('*') && !paths.some((one) => one.startsWith('-'));
}

/** Is every path that `other` (a path or pattern) stands for one of `pattern`? */
export function covers(pattern: string, other: string): boolean {
  if (pattern === '*' || pattern === other) return true;
  if (pattern === 'sensitive' || other === 'sensitive' || other === '*') return false;
  return pattern.endsWith('*') && other.startsWith(pattern.slice(0, -1));
}
