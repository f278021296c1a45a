import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { follow } from '../../ui/event-stream.ts';
import type { Row } from './timeline-api.ts';

const mostKept = 500;

/**
 * Rows that were written since the page was opened, the newest first; and whether new ones would come. When the profile
 * itself may have changed by it, it is read anew.
 *
 * @param from the mark behind which it goes on; undefined: not yet
 */
export function useLive(id: string, from: string | undefined): { rows: readonly Row[]; isConnected: boolean } {
  const client = useQueryClient();
  const [rows, setRows] = useState<readonly Row[]>([]);
  const [isConnected, setConnected] = useState(false);
  useEffect(() => {
    if (from === undefined) return;
    setRows([]);
    const ending = new AbortController();
    follow(
      `/users/${encodeURIComponent(id)}/live`,
      from,
      ({ event, data }) => {
        if (event === 'start_anew') {
          void client.invalidateQueries({ queryKey: ['customer', id] });
          return;
        }
        const row: Row = JSON.parse(data);
        setRows((before) => (before.some((one) => one.id === row.id) ? before : [row, ...before].slice(0, mostKept)));
        void client.invalidateQueries({
          predicate: ({ queryKey }) => queryKey[0] === 'customer' && queryKey[1] === id && queryKey[2] !== 'timeline',
        });
      },
      setConnected,
      ending.signal,
    ).catch(() => setConnected(false));
    return () => ending.abort();
  }, [id, from, client]);
  return { rows, isConnected };
}
