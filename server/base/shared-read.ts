type Line<T> = { readonly now: Promise<T>; next: Promise<T> | undefined };

/**
 * Makes one read answer all who ask for the same key while another is under way. Nobody is told what was read before
 * they asked: who comes during a read waits for the next one, which begins when it has ended. So this is no cache.
 */
export function shareReads<T>(read: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const lines = new Map<string, Line<T>>();

  function begin(key: string): Promise<T> {
    const line: Line<T> = { now: read(key), next: undefined };
    lines.set(key, line);
    const end = () => {
      if (!line.next) lines.delete(key);
    };
    line.now.then(end, end);
    return line.now;
  }

  return (key) => {
    const line = lines.get(key);
    if (!line) return begin(key);
    const go = () => begin(key);
    line.next ??= line.now.then(go, go);
    return line.next;
  };
}
