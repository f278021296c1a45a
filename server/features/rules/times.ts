// How long things took, as counts in steps that grow by a quarter: small, and to be added up over processes and minutes.
const first = 0.05;
const growth = 1.25;
/** How many steps there are: the last one is for all that took longer than about 25 s. */
export const steps = 60;

/** The step of a time in ms. */
export function stepOf(ms: number): number {
  if (ms <= first) return 0;
  return Math.min(Math.ceil(Math.log(ms / first) / Math.log(growth)), steps - 1);
}

/**
 * The time in ms that this share of all took at most, at the middle of its step (12 % off at worst); null of nothing.
 *
 * @param times counts by step
 * @param share 0.5 for the median
 */
export function quantile(times: readonly number[], share: number): number | null {
  const total = times.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let seen = 0;
  const step = times.findIndex((count) => {
    seen += count;
    return seen >= share * total && count > 0;
  });
  return Number((first * growth ** (step - 0.5)).toPrecision(3));
}
