import { covers, type PathRule } from '../../../contract/path-rule.ts';

/** Makes a rule of a list. `sensitive`: the paths that the catalogue calls so now. */
export function pathRule(paths: readonly string[], sensitive: ReadonlySet<string> = new Set()): PathRule {
  return { paths, sensitive };
}

/** Every path there is. */
export const everyPath: PathRule = pathRule(['*']);

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

/** Can there be a path that both stand for? */
function overlap(one: string, other: string): boolean {
  if (one === 'sensitive' || other === 'sensitive') return true;
  return covers(one, other) || covers(other, one);
}
