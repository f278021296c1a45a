import { queryOptions } from '@tanstack/react-query';
import type { Consent } from '../../contract/consents.ts';
import { readAllByNumber } from './read-all.ts';

/** The catalogue of consents, in the order in which they are asked. */
export const catalogueQuery = queryOptions({
  queryKey: ['consents', 'all'],
  queryFn: ({ signal }) => readAllByNumber<Consent>('/consents', signal),
});
