import { infiniteQueryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { AuditEntry, auditVerified } from '../../../contract/audit.ts';
import { addressOf, call, consoleHeaders } from '../../ui/api.ts';

export type { AuditEntry };
export type Verified = z.infer<typeof auditVerified>;

/** What is asked of the log; empty texts ask for nothing. */
export type Asked = { readonly user_id: string; readonly act: string; readonly since: string };

type Page = { readonly audit: readonly AuditEntry[]; readonly next?: string };

export function auditQuery(asked: Asked) {
  return infiniteQueryOptions({
    queryKey: ['audit', asked],
    queryFn: ({ pageParam, signal }) =>
      call<Page>('/audit', { query: { ...queryOf(asked), take: 50, from: pageParam || undefined }, signal }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    retry: false,
  });
}

export function verify(): Promise<Verified> {
  return call('/audit/verify');
}

/** The whole log, or what is asked of it, as a file: one JSON object a line. */
export async function exportLog(asked: Asked): Promise<Blob> {
  const response = await fetch(addressOf('/audit/export', queryOf(asked)), {
    headers: consoleHeaders,
    credentials: 'same-origin',
  });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return response.blob();
}

function queryOf({ user_id, act, since }: Asked) {
  return {
    user_id: user_id.trim() || undefined,
    act: act || undefined,
    since: since ? new Date(since).toISOString() : undefined,
  };
}
