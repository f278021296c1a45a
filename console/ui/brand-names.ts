import { queryOptions } from '@tanstack/react-query';
import type { Language } from '../../contract/brands.ts';
import { readAllByNumber } from './read-all.ts';

/** What a brand is called wherever it is named, or chosen. */
export type BrandName = {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly default_language: Language;
};

/** All brands, by their names. */
export const brandNamesQuery = queryOptions({
  queryKey: ['brands', 'names'],
  queryFn: ({ signal }) => readAllByNumber<BrandName>('/brands', signal),
  staleTime: 60_000,
});
