import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { OutboxMail, WholeOutboxMail } from '../../../contract/outbox.ts';
import { call } from '../../ui/api.ts';

export type Asked = {
  readonly recipient?: string | undefined;
  readonly kind?: string | undefined;
  readonly status?: string | undefined;
};

type Page = { readonly mails: readonly OutboxMail[]; readonly next?: string };

/** Mails by what was typed and chosen, the newest first, a page at a time. */
export function outboxQuery({ recipient, kind, status }: Asked) {
  return infiniteQueryOptions({
    queryKey: ['outbox', recipient, kind, status],
    queryFn: ({ pageParam, signal }) =>
      call<Page>('/outbox', {
        query: { recipient, kind, status, take: 50, from: pageParam || undefined },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  });
}

/** A part of all that were asked for, and the mark of the next. */
export async function mailsFrom(asked: Asked, from: string | undefined, signal: AbortSignal) {
  const { mails, next } = await call<Page>('/outbox', { query: { ...asked, take: 100, from }, signal });
  return { rows: mails, next };
}

/** One mail. @param secrets with its codes and links; only whoever may, of a mail that was kept */
export function mailQuery(id: string, secrets: boolean) {
  return queryOptions({
    queryKey: ['outbox-mail', id, secrets],
    queryFn: ({ signal }) =>
      call<WholeOutboxMail>(`/outbox/${encodeURIComponent(id)}`, { query: { secrets: secrets || undefined }, signal }),
    // Codes are not kept longer than they are looked at.
    ...(secrets && { gcTime: 0 }),
  });
}

export function resend(id: string): Promise<OutboxMail> {
  return call(`/outbox/${encodeURIComponent(id)}/resend`, { method: 'POST' });
}
