import { infiniteQueryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { dueFollowUp } from '../../../contract/notes.ts';
import { call } from '../../ui/api.ts';
import { today } from '../../ui/words.ts';

export type Due = z.infer<typeof dueFollowUp>;

/** `show`: what is due later, too. `by`: only what oneself has set. */
export type Asked = { readonly show?: 'all'; readonly by?: 'me' };

type Page = { readonly follow_ups: readonly Due[]; readonly next?: string };

function queryOf({ show, by }: Asked) {
  return { until: show === 'all' ? undefined : today(), mine: by === 'me' || undefined };
}

/** What is to be done, the longest due first, a page at a time. */
export function dueQuery(asked: Asked) {
  return infiniteQueryOptions({
    queryKey: ['follow-ups', asked.show, asked.by],
    queryFn: ({ pageParam, signal }) =>
      call<Page>('/follow-ups', { query: { ...queryOf(asked), take: 50, from: pageParam || undefined }, signal }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  });
}

/** A part of all that were asked for, and the mark of the next. */
export async function dueFrom(asked: Asked, from: string | undefined, signal: AbortSignal) {
  const { follow_ups: rows, next } = await call<Page>('/follow-ups', {
    query: { ...queryOf(asked), take: 100, from },
    signal,
  });
  return { rows, next };
}

/** Marks it as done, or as open again. It is that of its customer: the one that is due first. */
export function setDone({ user, version }: Due, done: boolean): Promise<{ version: number }> {
  const path = `/users/${encodeURIComponent(user.user_id)}/follow-up`;
  return call(path, { method: 'PATCH', body: { done, if_version: version } });
}
