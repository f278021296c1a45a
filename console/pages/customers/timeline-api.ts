import { infiniteQueryOptions } from '@tanstack/react-query';
import type { ApiTimelineRow } from '../../../contract/timeline.ts';
import { call } from '../../ui/api.ts';
import { textOf } from './value-text.ts';

/** Something that happened to a customer. */
export type Row = ApiTimelineRow;

type Page = { readonly timeline: readonly Row[]; readonly next?: string; readonly live?: string };

/** What happened to a customer, the newest first, a page at a time; `classes` limits it. */
export function timelineQuery(id: string, only: string) {
  return infiniteQueryOptions({
    queryKey: ['customer', id, 'timeline', only],
    queryFn: ({ pageParam, signal }) =>
      call<Page>(`/users/${encodeURIComponent(id)}/timeline`, {
        query: { take: 30, from: pageParam || undefined, class: only || undefined },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    // What comes since is told by the stream.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
}

/** From where, as the IP address tells (with `REGULARS_GEOIP`): "Lyon, France". */
export function placeOf({ data: { place } }: Row): string | undefined {
  if (typeof place !== 'object' || place === null || Array.isArray(place)) return undefined;
  const { city, country }: { city?: unknown; country?: unknown } = place;
  const parts = [city, typeof country === 'string' ? textOf(country, { type: 'country' }) : undefined];
  return parts.filter((one) => typeof one === 'string').join(', ') || undefined;
}
