import { queryOptions } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { RuleLine } from '../../contract/rules.ts';
import { call } from './api.ts';
import { follow } from './event-stream.ts';

const mostKept = 500;

/** Whose console it is. */
export type Printer = { readonly kind: 'rule' | 'action'; readonly id: string };

/** What a rule or an action printed of late, the newest first. */
export function linesQuery({ kind, id }: Printer) {
  return queryOptions({
    queryKey: ['code-log', kind, id],
    queryFn: ({ signal }) => call<readonly RuleLine[]>(`/${kind}s/log`, { query: { [kind]: id, take: 100 }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

/**
 * What a rule or an action printed since the page was opened, the newest first; and whether more would come.
 *
 * @param from the number of the line behind which it goes on; undefined: not yet
 */
export function useLines(
  { kind, id }: Printer,
  from: string | undefined,
): { readonly lines: readonly RuleLine[]; readonly isConnected: boolean } {
  const [lines, setLines] = useState<readonly RuleLine[]>([]);
  const [isConnected, setConnected] = useState(false);
  useEffect(() => {
    if (from === undefined) return;
    setLines([]);
    const ending = new AbortController();
    follow(
      `/${kind}s/log/live`,
      from,
      ({ data }) => {
        const line: RuleLine = JSON.parse(data);
        setLines((before) =>
          before.some(({ number }) => number === line.number) ? before : [line, ...before].slice(0, mostKept),
        );
      },
      setConnected,
      ending.signal,
      { [kind]: id },
    ).catch(() => setConnected(false));
    return () => ending.abort();
  }, [kind, id, from]);
  return { lines, isConnected };
}
