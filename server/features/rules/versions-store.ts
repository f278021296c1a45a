import { type Selectable, sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';
import type { RuleRow } from './store.ts';

export type VersionRow = Selectable<DB['rule_versions']>;

/** Who saves, as the API names callers. */
export type Author = { readonly by: string; readonly name: string };

const mostVersions = 200;

/** Keeps the rule as it is now as a version of it; beyond 200 the oldest go. */
export async function insertVersion(tx: Db, row: RuleRow, author: Author, restored: number | null): Promise<void> {
  const { id, version, name, script, on_failure, deadline_ms, updated_at } = row;
  const settings = row.settings === null ? null : JSON.stringify(row.settings);
  const saved = { saved_by: author.by, saved_by_name: author.name, restored, saved_at: updated_at };
  await tx
    .insertInto('rule_versions')
    .values({ rule: id, version, name, script, settings, on_failure, deadline_ms, ...saved })
    .execute();
  await sql`delete from rule_versions where rule = ${id} and version <= ${version - mostVersions}`.execute(tx);
}

/** The newest first. */
export function readVersions(db: Db, rule: string): Promise<VersionRow[]> {
  return db.selectFrom('rule_versions').selectAll().where('rule', '=', rule).orderBy('version', 'desc').execute();
}

export function readVersion(db: Db, rule: string, version: number): Promise<VersionRow | undefined> {
  return db
    .selectFrom('rule_versions')
    .selectAll()
    .where('rule', '=', rule)
    .where('version', '=', version)
    .executeTakeFirst();
}
