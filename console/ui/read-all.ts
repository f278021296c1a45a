import { call } from './api.ts';

const most = 100;
type Next = { readonly next?: string };

/** A whole list that pages by a mark. */
export async function readAllByMark<T>(path: string, name: string, signal: AbortSignal): Promise<readonly T[]> {
  const all: T[] = [];
  let from: string | undefined;
  do {
    const page: Next & Record<string, readonly T[]> = await call(path, { query: { take: most, from }, signal });
    all.push(...(page[name] ?? []));
    from = page.next;
  } while (from !== undefined);
  return all;
}

/** A whole list that pages by number: the first 1000, as far as such lists go. */
export async function readAllByNumber<T>(path: string, signal: AbortSignal): Promise<readonly T[]> {
  const all: T[] = [];
  for (let page = 0; page < 10; page += 1) {
    const found = await call<readonly T[]>(path, { query: { page, per_page: most }, signal });
    all.push(...found);
    if (found.length < most) break;
  }
  return all;
}
