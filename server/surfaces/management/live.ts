import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { createLiveTimelines, type LiveTimelines } from '../../features/customers/customers.ts';

const open = new WeakMap<Base['db'], LiveTimelines>();

/** The timelines that this process's pages look at; made when the first one opens. */
export function liveTimelines(base: Base): LiveTimelines {
  const known = open.get(base.db);
  if (known) return known;
  const made = createLiveTimelines(base);
  open.set(base.db, made);
  return made;
}

/** Ends every page: the server stops. */
export async function closeLive(base: Base): Promise<void> {
  await liveTimelines(base).close();
}

/** What the marks of live pages are marks of. */
export const liveList = 'live';

/** Where a live page is. */
export const livePosition = z.strictObject({ transaction: z.string().regex(/^\d{1,20}$/), id: z.uuid() });
