import type { Action } from '../../contract/actions.ts';
import { call } from './api.ts';

const most = 100;

/** All actions: the first 1000, as far as the list goes. */
export async function listActions(signal?: AbortSignal): Promise<readonly Action[]> {
  const all: Action[] = [];
  for (let page = 0; page < 10; page += 1) {
    const found = await call<{ actions: readonly Action[]; total: number }>('/actions/actions', {
      query: { page, per_page: most },
      ...(signal && { signal }),
    });
    all.push(...found.actions);
    if (all.length >= found.total) break;
  }
  return all;
}
