import type { Db } from '../../base/db.ts';
import type { Json } from '../../base/json.ts';
import type { JsonParts } from '../../base/json-stream.ts';
import type { AuditEntry } from './entry.ts';
import { listAudit } from './record.ts';
import { deleteValues } from './store.ts';

/** Who looked and which paths were changed stays on record; the values go. */
export function eraseAudit(tx: Db, { customers }: { readonly customers: readonly string[] }): Promise<void> {
  return deleteValues(tx, customers);
}

const page = 500;

/** What was changed about the customer by staff and machines, to be handed to them: which values, not by whom. */
export async function exportAudit(db: Db, customerId: string): Promise<JsonParts> {
  return { changes_by_umbrella: changesOf(db, customerId) };
}

async function* changesOf(db: Db, customerId: string): AsyncGenerator<Json, void, undefined> {
  for (let last: AuditEntry | undefined; ; ) {
    const found = await listAudit(db, { customers: [customerId], hasValues: true }, { limit: page, after: last });
    for (const { at, paths, changes } of found) {
      const told = Object.entries(changes).map(([path, { before = null, after = null }]) => [path, { before, after }]);
      yield { at: at.toISOString(), paths: [...paths], changes: Object.fromEntries(told) };
    }
    last = found.at(-1);
    if (found.length < page) return;
  }
}
