import type { Db } from '../../base/db.ts';
import type { Json } from '../../base/json.ts';
import type { JsonParts } from '../../base/json-stream.ts';
import { readLivingId } from './customers-store.ts';
import { type FactMark, readExport, readFactPage, readTimelinePage, type TimelinePageMark } from './export-store.ts';

/** What one feature hands to a customer of what it keeps of them: no secrets, instants as ISO texts. */
export type ExportVerb = (db: Db, customerId: string) => Promise<JsonParts>;

/** So many rows of one kind are in memory at once. */
export const exportPage = 1000;

/** What every feature hands out of one customer, one part after the other. */
export async function* exportAll(
  db: Db,
  customerId: string,
  exports: readonly ExportVerb[],
): AsyncGenerator<JsonParts, void, undefined> {
  for (const one of exports) yield await one(db, customerId);
}

/**
 * Everything this feature knows of a customer, to be handed to the customer: profile, identities, every fact that was
 * ever learned, proofs, visits, devices, merges, timeline. Nothing when there is no such customer.
 */
export async function exportOf(db: Db, customerId: string): Promise<JsonParts> {
  const living = await readLivingId(db, customerId);
  if (!living) return {};
  return {
    ...(await readExport(db, living)),
    facts: inPages<FactMark>((after) => readFactPage(db, living, after, exportPage)),
    timeline: inPages<TimelinePageMark>((after) => readTimelinePage(db, living, after, exportPage)),
  };
}

/** Rows, a page at a time; `read` gives up to `exportPage` rows behind a mark, each with its own. */
export async function* inPages<Mark>(
  read: (after: Mark | undefined) => Promise<{ row: Json; mark: Mark }[]>,
): AsyncGenerator<Json, void, undefined> {
  for (let after: Mark | undefined; ; ) {
    const found = await read(after);
    for (const { row } of found) yield row;
    after = found.at(-1)?.mark;
    if (found.length < exportPage) return;
  }
}
