// Which attributes somebody may read or write, as a list of paths: `given_name`, all that begins with something
// (`user_metadata.*`, `app_metadata.income*`, `*`), or `sensitive`, whatever the catalogue calls so at that moment. What
// a leading `-` names is taken away, wherever in the list it stands.

/** A list of paths that is ready to be asked. */
export type PathRule = {
  /** As it is written. */
  readonly paths: readonly string[];
  readonly sensitive: ReadonlySet<string>;
};

/** Makes a rule of a list. `sensitive`: the paths that the catalogue calls so now. */
export function pathRule(paths: readonly string[], sensitive: ReadonlySet<string> = new Set()): PathRule {
  return { paths, sensitive };
}

/** Every path there is. */
export const everyPath: PathRule = pathRule(['*']);

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
export function allowsAll({ paths }: PathRule): boolean {
  return paths.includes('*') && !paths.some((one) => one.startsWith('-'));
}

/**
 * Does `mine` allow everything that `theirs` allows, whatever paths there are and whichever become sensitive? When in
 * doubt, no: so nobody gives what they do not have.
 */
export function includes(mine: readonly string[], theirs: readonly string[]): boolean {
  const [given, taken] = split(mine);
  const [theirGiven, theirTaken] = split(theirs);
  const isTakenToo = (one: string) => theirTaken.some((other) => covers(other, one));
  return theirGiven.every(
    (one) =>
      given.some((own) => covers(own, one)) && taken.every((hidden) => !overlap(hidden, one) || isTakenToo(hidden)),
  );
}

/** The paths that the first list takes away and the second does not, as ones that it gives. */
export function released(before: readonly string[], after: readonly string[]): string[] {
  const [[, taken], [, stillTaken]] = [split(before), split(after)];
  return taken.filter((one) => !stillTaken.some((other) => covers(other, one)));
}

function split(paths: readonly string[]): [given: string[], taken: string[]] {
  return [
    paths.filter((one) => !one.startsWith('-')),
    paths.flatMap((one) => (one.startsWith('-') ? [one.slice(1)] : [])),
  ];
}

/** Is every path that `other` (a path or pattern) stands for one of `pattern`? */
function covers(pattern: string, other: string): boolean {
  if (pattern === '*' || pattern === other) return true;
  if (pattern === 'sensitive' || other === 'sensitive' || other === '*') return false;
  return pattern.endsWith('*') && other.startsWith(pattern.slice(0, -1));
}

/** Can there be a path that both stand for? */
function overlap(one: string, other: string): boolean {
  if (one === 'sensitive' || other === 'sensitive') return true;
  return covers(one, other) || covers(other, one);
}
