import { createHash } from 'node:crypto';

/** One of the ways that are compared, and how much of all goes to it, in any unit. */
export type Arm<Key extends string = string> = { readonly key: Key; readonly weight: number };

/**
 * Which arm somebody is in: always the same for the same experiment, spread as the weights say, and independent of
 * every other experiment. Nothing is kept. When weights change, only those move who must.
 *
 * @param experiment names it, e.g. a question's id
 * @param unit names who is assigned, e.g. a customer's id
 */
export function assign<Key extends string>(experiment: string, unit: string, arms: readonly Arm<Key>[]): Key {
  const [first] = arms;
  if (!first) throw new Error('an experiment has an arm');
  const all = arms.reduce((sum, { weight }) => sum + weight, 0);
  let left = positionOf(experiment, unit) * all;
  for (const { key, weight } of arms) {
    left -= weight;
    if (left < 0) return key;
  }
  return first.key;
}

/** From 0 to less than 1, evenly spread. */
function positionOf(experiment: string, unit: string): number {
  const hash = createHash('sha256')
    .update(JSON.stringify([experiment, unit]))
    .digest();
  return hash.readUIntBE(0, 6) / 2 ** 48;
}
