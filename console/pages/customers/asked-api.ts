import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { askedQuestion, question } from '../../../contract/questions.ts';
import { ApiError, call } from '../../ui/api.ts';

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

type AskedField = { readonly key: string; readonly label: string; readonly path: string | undefined };

/** What the fields of a question are called and where their answers stand; nothing of one that was removed. */
export function fieldsQuery(id: string) {
  return queryOptions({
    queryKey: ['question-fields', id],
    queryFn: async ({ signal }): Promise<readonly AskedField[]> => {
      try {
        const { content } = await call<z.infer<typeof question>>(`/questions/${id}`, { signal });
        return content.variants
          .flatMap(({ fields }) => fields)
          .map(nameOf)
          .filter(isFirst);
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return [];
        throw error;
      }
    },
    staleTime: 60_000,
  });
}

type Field = z.infer<typeof question>['content']['variants'][number]['fields'][number];

function nameOf(field: Field): AskedField {
  const labels = 'labels' in field ? field.labels : {};
  return {
    key: field.key,
    label: labels.en ?? Object.values(labels)[0] ?? field.key,
    path: 'path' in field ? field.path : undefined,
  };
}

/** Of two ways to put it, each field once. */
function isFirst({ key }: AskedField, place: number, all: readonly AskedField[]): boolean {
  return all.findIndex((one) => one.key === key) === place;
}
