import type { EnrichmentSource } from '../../../contract/enrichment.ts';
import { whole } from '../../ui/words.ts';

/** What was paid, by currency: "$4.20". */
export function money(cost: EnrichmentSource['last_30_days']['cost']): string {
  const paid = Object.entries(cost).filter(([, amount]) => amount > 0);
  if (paid.length === 0) return '–';
  return paid
    .map(([currency, amount]) => new Intl.NumberFormat(undefined, { style: 'currency', currency }).format(amount))
    .join(', ');
}

type Counts = Pick<EnrichmentSource['last_30_days'], 'hits' | 'misses' | 'failures'>;
type Shown = { readonly label: string; readonly of: (counts: Counts) => string };

/** What is counted of a service: who is asked finds somebody or not, and who is told takes it or not. */
export const figuresOf: Readonly<Record<EnrichmentSource['kind'], readonly Shown[]>> = {
  asked: [
    { label: 'Found', of: ({ hits }) => whole(hits) },
    { label: 'Not found', of: ({ misses }) => whole(misses) },
    { label: 'Failed', of: ({ failures }) => whole(failures) },
  ],
  told: [
    { label: 'Taken', of: ({ hits }) => whole(hits) },
    { label: 'Not taken', of: ({ failures }) => whole(failures) },
  ],
};

/** How many of all came to something: "62 %". */
export const shareOf: Readonly<Record<EnrichmentSource['kind'], Shown>> = {
  asked: { label: 'Found, of all answers', of: ({ hits, misses }) => percent(hits, misses) },
  told: { label: 'Taken, of all tries', of: ({ hits, failures }) => percent(hits, failures) },
};

function percent(good: number, others: number): string {
  return good + others === 0 ? '–' : `${Math.round((100 * good) / (good + others))} %`;
}
