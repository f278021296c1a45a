import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Db } from '../../base/db.ts';
import { uuid } from '../../base/ids.ts';
import { type AuditDraft, type AuditEntry, hashOfChanges, macOf } from './entry.ts';
import { type FoundRow, insertAudit, type RowFilter, readAudit } from './store.ts';

export type AuditFilter = RowFilter;

const mostPaths = 1000;
const longest = 1000;

/**
 * Writes a row of the log, in one statement; inside a transaction it is there exactly if that commits. `openAuditKey`
 * must have run.
 */
export async function recordAudit(db: Db, draft: AuditDraft): Promise<void> {
  const { whoName, userAgent, changes = {}, ...rest } = draft;
  const salt = randomBytes(16);
  const text = JSON.stringify(changes);
  const hasValues = draft.customer !== null && Object.keys(changes).length > 0;
  const row = {
    ...rest,
    id: uuid(),
    who_name: storable(whoName),
    thing: draft.thing === null ? null : storable(draft.thing),
    paths: draft.paths.slice(0, mostPaths).map(storable),
    user_agent: storable(userAgent),
    values_hash: hasValues ? hashOfChanges(salt, text) : null,
  };
  await insertAudit(db, { ...row, mac: macOf(db, row) }, hasValues ? { salt, changes: text } : undefined);
}

/** Rows of the log, the newest first, at most `limit` behind a row. */
export async function listAudit(
  db: Db,
  filter: AuditFilter,
  page: { limit: number; after?: { at: Date; id: string } | undefined },
): Promise<AuditEntry[]> {
  return (await readAudit(db, filter, page)).map(toEntry);
}

const by = z.literal(['staff', 'machine']);
const act = z.literal(['read', 'create', 'change', 'delete', 'refuse']);
const kept = z.record(z.string(), z.object({ before: z.json().optional(), after: z.json().optional() }));

function toEntry(row: FoundRow): AuditEntry {
  const { id, at, who, who_name, route, summary, about, thing, customer, paths, ip, user_agent, changes, seal } = row;
  return {
    ...{ id, at, who, route, summary, about, thing, customer, paths, ip },
    by: by.parse(row.by),
    act: act.parse(row.act),
    whoName: who_name,
    userAgent: user_agent,
    changes: changes === null ? {} : kept.parse(JSON.parse(changes)),
    isSealed: seal !== null,
  };
}

/** What a request says of itself may be anything; a text of the database may not. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '').slice(0, longest).toWellFormed();
}
