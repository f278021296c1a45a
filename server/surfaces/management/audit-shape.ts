import type { z } from 'zod';
import type { auditEntry } from '../../../contract/audit.ts';
import type { Db } from '../../base/db.ts';
import type { AuditEntry, Change } from '../../features/audit/audit.ts';
import { ofBrands, userIdsOf } from '../../features/customers/customers.ts';
import { seesFact } from './hide.ts';
import { type Sight, sees } from './sight.ts';

// Paths that are no attributes, such as settings, are hidden from nobody who may read the log.
const withAttributes = new Set(['customer', 'customers', 'note', 'consent']);

/**
 * Rows of the log as this caller may see them. Who is limited to brands sees those about customers of these brands, and
 * no others.
 */
export async function auditShow(
  db: Db,
  entries: readonly AuditEntry[],
  sight: Sight,
): Promise<z.infer<typeof auditEntry>[]> {
  const customers = [...new Set(entries.flatMap(({ customer }) => (customer === null ? [] : [customer])))];
  const userIds = await userIdsOf(db, customers);
  const own = sight.brands && (await ofBrands(db, customers, sight.brands));
  return entries
    .filter(({ customer }) => !own || (customer !== null && own.has(customer)))
    .map((entry) => show(entry, userIds, sight));
}

function show(entry: AuditEntry, userIds: ReadonlyMap<string, string>, sight: Sight): z.infer<typeof auditEntry> {
  const { id, at, by, who, whoName, act, route, summary, about, thing, customer, paths, changes, ip, userAgent } =
    entry;
  const isAttribute = withAttributes.has(about);
  const isSeen = (path: string) => !isAttribute || sees(sight, path);
  const isTold = (path: string, { before, after }: Change) =>
    !isAttribute || (seesFact(path, before, sight) && seesFact(path, after, sight));
  return {
    id,
    at: at.toISOString(),
    by: { kind: by, id: who, name: whoName },
    act,
    route,
    summary,
    about,
    thing,
    user_id: customer === null ? null : (userIds.get(customer) ?? null),
    paths: paths.filter(isSeen),
    changes: Object.fromEntries(Object.entries(changes).filter(([path, change]) => isTold(path, change))),
    ip,
    user_agent: userAgent,
    sealed: entry.isSealed,
  };
}
