import { infiniteQueryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { askedQuestion } from '../../../contract/questions.ts';
import { call } from '../../ui/api.ts';

export type Asked = z.infer<typeof askedQuestion>;

const most = 10;

/** What the customer was asked, the newest first. */
export function askedQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: ['customer', id, 'questions'],
    queryFn: ({ pageParam, signal }) =>
      call<readonly Asked[]>(`/users/${encodeURIComponent(id)}/questions`, {
        query: { page: pageParam, per_page: most },
        signal,
      }),
    initialPageParam: 0,
    getNextPageParam: (last, all) => (last.length < most ? undefined : all.length),
  });
}
