import { queryOptions } from '@tanstack/react-query';
import type { LibraryRule } from '../../contract/rules.ts';
import { call } from './api.ts';

/** The ready rules, each with what it needs. */
export const libraryQuery = queryOptions({
  queryKey: ['rules-library'],
  queryFn: ({ signal }) => call<readonly LibraryRule[]>('/rules/library', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});
