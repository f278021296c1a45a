import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';

/** The customer itself, whose key has no name of a part. */
const itself = '';
const all = [itself, 'facts', 'consents', 'methods', 'sessions', 'devices', 'visits', 'blocks'];

/** What of a profile a row of the timeline can have changed, by its class. What staff write is changed by none. */
const parts: Readonly<Record<string, readonly string[]>> = {
  sign_in: all,
  profile: [itself, 'facts', 'consents'],
  security: [itself, 'methods', 'sessions', 'devices', 'blocks'],
};

// Rows often come several at once; each reading is a look at a person, which the audit log keeps.
const pauseMs = 500;

/** Reads anew what rows of these classes can have changed, once for all that come together. */
export function useRefresh(id: string): (rowClass: string) => void {
  const client = useQueryClient();
  const { changed, stop } = useMemo(() => refresherOf(client, id), [client, id]);
  useEffect(() => stop, [stop]);
  return changed;
}

function refresherOf(client: QueryClient, id: string): { changed: (rowClass: string) => void; stop: () => void } {
  const due = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function stop(): void {
    clearTimeout(timer);
    timer = undefined;
    due.clear();
  }

  function refresh(): void {
    const changed = new Set(due);
    stop();
    void client.invalidateQueries({
      predicate: ({ queryKey: [kind, of, part = itself] }) =>
        kind === 'customer' && of === id && typeof part === 'string' && changed.has(part),
    });
  }

  function changed(rowClass: string): void {
    for (const part of parts[rowClass] ?? all) due.add(part);
    timer ??= setTimeout(refresh, pauseMs);
  }

  return { changed, stop };
}
