/** How many of those who were in an arm did what is hoped for. */
export type Count = { readonly hits: number; readonly of: number };

/** A share with the interval in which it lies by 95 %; 0 to 1. */
export type Share = { readonly share: number; readonly low: number; readonly high: number };

/** The 97.5 % point of the normal distribution. */
const usual = 1.959_964;

/** The share, with Wilson's score interval, which also holds for few and for shares near 0 and 1. Null: nobody yet. */
export function shareOf(count: Count): Share | null {
  return shareWithin(count, usual);
}

function shareWithin({ hits, of }: Count, z: number): Share | null {
  if (of === 0) return null;
  const share = hits / of;
  const around = 1 + z ** 2 / of;
  const middle = (share + z ** 2 / (2 * of)) / around;
  const reach = (z / around) * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
  // At the ends only rounding keeps the interval from reaching them.
  return { share, low: hits === 0 ? 0 : middle - reach, high: hits === of ? 1 : middle + reach };
}

/** What two arms tell of each other. */
export type Comparison = {
  /** The second's share less the first's, with its interval; null: nobody yet in one of them. */
  readonly difference: Share | null;
  readonly verdict: 'too_early' | 'no_difference' | 'higher' | 'lower';
};

/** With fewer in an arm an interval is told, but nothing is concluded. */
const least = 100;

/**
 * Compares two arms by Newcombe's interval of a difference (method 10, from Wilson's intervals). It is concluded from
 * an interval without 0 that one is better, never before there are enough in both: whoever looks every day would
 * otherwise find a winner by chance.
 */
export function compare(first: Count, second: Count): Comparison {
  return compareWithin(first, second, usual);
}

function compareWithin(first: Count, second: Count, z: number): Comparison {
  const [a, b] = [shareWithin(first, z), shareWithin(second, z)];
  if (!a || !b) return { difference: null, verdict: 'too_early' };
  const share = b.share - a.share;
  const low = share - Math.hypot(b.share - b.low, a.high - a.share);
  const high = share + Math.hypot(b.high - b.share, a.share - a.low);
  const difference = { share, low, high };
  if (Math.min(first.of, second.of) < least) return { difference, verdict: 'too_early' };
  return { difference, verdict: low > 0 ? 'higher' : high < 0 ? 'lower' : 'no_difference' };
}

/**
 * The best of several arms with enough in it. Of many arms one is far ahead by chance alone: the more there are, the
 * surer it has to be (Bonferroni), so that of a hundred times that all are alike five tell a winner at most.
 *
 * @returns its index, and whether it is sure to beat all others together; undefined: too early to tell, or there is
 *   nothing beside it
 */
export function bestOf(counts: readonly Count[]): { readonly index: number; readonly sure: boolean } | undefined {
  const enough = counts.flatMap((count, index) => (count.of >= least ? [{ count, index }] : []));
  const [best] = enough.toSorted((a, b) => b.count.hits / b.count.of - a.count.hits / a.count.of);
  if (!best || enough.length < 2) return undefined;
  const others = counts.filter((_, index) => index !== best.index);
  const rest = others.reduce((sum, { hits, of }) => ({ hits: sum.hits + hits, of: sum.of + of }), { hits: 0, of: 0 });
  const z = upperPoint(0.025 / enough.length);
  return { index: best.index, sure: compareWithin(rest, best.count, z).verdict === 'higher' };
}

/** Above which the normal distribution has this part, below a half; by Abramowitz and Stegun 26.2.23, to 0.0005. */
function upperPoint(part: number): number {
  const t = Math.sqrt(-2 * Math.log(part));
  const over = 2.515_517 + t * (0.802_853 + t * 0.010_328);
  return t - over / (1 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308)));
}
