import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { AttackCounts, AttackLimit, Block } from '../../../contract/attack-protection.ts';
import { call } from '../../ui/api.ts';

type Page = { readonly blocks: readonly Block[]; readonly next?: string };

export const blocksQuery = infiniteQueryOptions({
  queryKey: ['blocks'],
  queryFn: ({ pageParam, signal }) =>
    call<Page>('/attack-protection/blocks', {
      query: { take: 50, from: pageParam || undefined },
      signal,
    }),
  initialPageParam: '',
  getNextPageParam: (last) => last.next,
});

/** A part of all blocks, and the mark of the next. */
export async function blocksFrom(from: string | undefined, signal: AbortSignal) {
  const query = { take: 100, from };
  const { blocks, next } = await call<Page>('/attack-protection/blocks', { query, signal });
  return { rows: blocks, next };
}

export const limitsQuery = queryOptions({
  queryKey: ['attack-limits'],
  queryFn: ({ signal }) => call<readonly AttackLimit[]>('/attack-protection/limits', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

export const countsQuery = queryOptions({
  queryKey: ['attack-counts'],
  queryFn: ({ signal }) => call<AttackCounts>('/attack-protection/counts', { signal }),
  staleTime: 30_000,
});

export function lift(id: string): Promise<void> {
  return call(`/attack-protection/blocks/${encodeURIComponent(id)}`, { method: 'DELETE' });
}
