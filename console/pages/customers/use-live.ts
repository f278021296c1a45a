import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { follow } from '../../ui/event-stream.ts';
import { useWatched } from '../../ui/use-watched.ts';
import type { Row } from './timeline-api.ts';
import { useRefresh } from './use-refresh.ts';

const mostKept = 500;
// A browser keeps few connections to one server: a tab that nobody looks at lets its own go.
const hiddenMs = 60_000;

/** `ended`: the server refuses it, so nothing comes any more. */
export type LiveState = 'connecting' | 'connected' | 'ended';

/**
 * Rows that were written since the page was opened, the newest first; and whether new ones would come. What else of the
 * profile may have changed by them is read anew, and everything once the server refuses to go on. After a time of which
 * nothing was seen it catches up.
 *
 * @param from the mark behind which it goes on; undefined: not yet
 */
export function useLive(id: string, from: string | undefined): { rows: readonly Row[]; state: LiveState } {
  const client = useQueryClient();
  const refresh = useRefresh(id);
  const [rows, setRows] = useState<readonly Row[]>([]);
  const [state, setState] = useState<LiveState>('connecting');
  const isWatched = useWatched(hiddenMs);
  // The mark behind the row that was seen last.
  const seen = useRef<{ readonly of: string; mark: string }>(undefined);
  useEffect(() => {
    if (from === undefined || !isWatched) return;
    const of = `${id} ${from}`;
    if (seen.current?.of !== of) {
      seen.current = { of, mark: from };
      setRows([]);
    }
    const place = seen.current;
    const ending = new AbortController();
    let wasConnected = false;
    follow(
      `/users/${encodeURIComponent(id)}/live`,
      place.mark,
      ({ id: mark, event, data }) => {
        if (mark) place.mark = mark;
        if (event === 'start_anew') return void client.invalidateQueries({ queryKey: ['customer', id] });
        const row: Row = JSON.parse(data);
        setRows((before) => (before.some((one) => one.id === row.id) ? before : [row, ...before].slice(0, mostKept)));
        refresh(row.class);
      },
      (isConnected) => {
        // It also ends when the rights of who looks are others.
        if (wasConnected && isConnected) void client.invalidateQueries({ queryKey: ['session'] });
        wasConnected ||= isConnected;
        setState(isConnected ? 'connected' : 'connecting');
      },
      ending.signal,
    ).catch(() => {
      setRows([]);
      setState('ended');
      void client.invalidateQueries({ queryKey: ['session'] });
      void client.invalidateQueries({ queryKey: ['customer', id] });
    });
    return () => ending.abort();
  }, [id, from, isWatched, client, refresh]);
  return { rows, state };
}
