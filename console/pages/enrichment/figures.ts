import type { EnrichmentSource } from '../../../contract/enrichment.ts';

/** What was paid, by currency: "$4.20". */
export function money(cost: EnrichmentSource['last_30_days']['cost']): string {
  const paid = Object.entries(cost).filter(([, amount]) => amount > 0);
  if (paid.length === 0) return '–';
  return paid
    .map(([currency, amount]) => new Intl.NumberFormat(undefined, { style: 'currency', currency }).format(amount))
    .join(', ');
}

/** How many of the answers found something: "62 %". */
export function share({ hits, misses }: { readonly hits: number; readonly misses: number }): string {
  return hits + misses === 0 ? '–' : `${Math.round((100 * hits) / (hits + misses))} %`;
}
