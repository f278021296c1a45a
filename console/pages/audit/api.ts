import { infiniteQueryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { AuditEntry, auditVerified } from '../../../contract/audit.ts';
import { addressOf, call } from '../../ui/api.ts';

export type { AuditEntry };
export type Verified = z.infer<typeof auditVerified>;

/** What is asked of the log; empty texts ask for nothing. */
export type Asked = {
  readonly user_id: string;
  readonly act: string;
  /** Who did it: the id of one of the staff, or a client id; and what they are called. */
  readonly by: string;
  readonly byName: string;
  /** Days where the reader is, `2026-11-25`; both are part of what is asked. */
  readonly since: string;
  readonly until: string;
};

const mostBreaks = 100;

type Page = { readonly audit: readonly AuditEntry[]; readonly next?: string };

export function auditQuery(asked: Asked) {
  return infiniteQueryOptions({
    queryKey: ['audit', asked],
    queryFn: ({ pageParam, signal }) =>
      call<Page>('/audit', { query: { ...queryOf(asked), take: 50, from: pageParam || undefined }, signal }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    // Whoever is not known is no fault: it may be typed half.
    retry: false,
  });
}

/** Looks at the whole log, a part after the other; `told` hears how many rows it has been. */
export async function verify(told: (rows: number) => void, signal: AbortSignal): Promise<Omit<Verified, 'next'>> {
  const all = { ok: true, rows: 0, unsealed: 0, head: null, breaks: [] };
  for (let from: string | undefined, sum: Omit<Verified, 'next'> = all; ; ) {
    const { next, ...part }: Verified = await call('/audit/verify', { query: { from }, signal });
    sum = {
      ...part,
      ok: sum.ok && part.ok,
      rows: sum.rows + part.rows,
      breaks: [...sum.breaks, ...part.breaks].slice(0, mostBreaks),
    };
    if (next === undefined) return sum;
    told(sum.rows);
    from = next;
  }
}

/** Where the whole log is, or what is asked of it, as a file that the browser saves as it comes: one JSON object a line. */
export function exportAddress(asked: Asked): string {
  return addressOf('/audit/export', queryOf(asked));
}

/** A part of what is asked of the log, and the mark of the next. */
export async function entriesFrom(asked: Asked, from: string | undefined, signal: AbortSignal) {
  const { audit, next } = await call<Page>('/audit', { query: { ...queryOf(asked), take: 100, from }, signal });
  return { rows: audit, next };
}

function queryOf({ user_id, act, by, since, until }: Asked) {
  return {
    user_id: user_id.trim() || undefined,
    act: act || undefined,
    by: by || undefined,
    since: since ? beginOf(since, 0) : undefined,
    until: until ? beginOf(until, 1) : undefined,
  };
}

/** When a day begins where the reader is, or so many days later. */
function beginOf(day: string, later: number): string {
  const at = new Date(`${day}T00:00`);
  at.setDate(at.getDate() + later);
  return at.toISOString();
}
