import { languages } from '../../ui/languages.ts';
import type { QuestionContent, Results } from './api.ts';
import { type Moment, openEnd } from './moment.ts';
import type { Ground } from './use-ground.ts';

export type Dimension = keyof Results['by'];
type Share = NonNullable<Results['all']['rate']>;

/** By what results are told apart. */
export const dimensions: readonly { readonly value: Dimension; readonly label: string }[] = [
  { value: 'sign_in', label: 'Number of the sign-in' },
  { value: 'hour', label: 'Hour of the day' },
  { value: 'portal', label: 'Portal' },
  { value: 'brand', label: 'Brand' },
  { value: 'device', label: 'Device' },
  { value: 'country', label: 'Country' },
  { value: 'language', label: 'Language' },
  { value: 'variant', label: 'Way to put it' },
];

const percents = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });
const points = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1, signDisplay: 'exceptZero' });

export function percent(share: number): string {
  return percents.format(share);
}

/** "between 31% and 42%, with 95% certainty" */
export function spanWords({ low, high }: Share): string {
  return `between ${percent(low)} and ${percent(high)}, with 95% certainty`;
}

/** What two arms tell of each other, no more than is known. */
export function comparisonWords(
  { difference, verdict }: NonNullable<Results['variants']>,
  deed: string,
  more: string,
  less: string,
): string {
  if (verdict === 'too_early' || difference === null) return 'too early to tell.';
  const span = `${points.format(difference.low * 100)} to ${points.format(difference.high * 100)} points`;
  if (verdict === 'no_difference') return `no difference to be seen (${span}).`;
  return `they ${deed} ${verdict === 'higher' ? more : less} (${span}).`;
}

/** What a part of the results is called. */
export function nameIn(dimension: Dimension, of: string | null, { brands, portals }: Ground): string {
  if (of === null) return 'Not known';
  switch (dimension) {
    case 'brand':
      return brands.find(({ id }) => id === of)?.name ?? of;
    case 'portal':
      return portals.find(({ client_id }) => client_id === of)?.name ?? of;
    case 'sign_in':
      return Number(of) >= openEnd ? `Sign-in ${openEnd} or later` : `Sign-in ${of}`;
    case 'hour':
      return `${of}:00`;
    case 'language':
      return languages.find(({ value }) => value === of)?.label ?? of;
    default:
      return of;
  }
}

/** Which way to put a question this is, by its place in what is asked now. */
export function wayIn({ variants }: Pick<QuestionContent, 'variants'>, key: string | null): string {
  const place = variants.findIndex((variant) => variant.key === key);
  return ['First way', 'Second way'][place] ?? 'A way dropped since';
}

/** "at sign-in 3", as a part of a sentence. */
export function momentWords({ of, value }: Moment, ground: Ground): string {
  if (of === 'sign_in') return `at ${nameIn('sign_in', value, ground).toLowerCase()}`;
  return of === 'hour' ? `at ${value}:00` : `at ${nameIn('portal', value, ground)}`;
}
