import { sql } from 'kysely';
import type { Db } from '../server/base/db.ts';

/** Names of the tables, the job queue's too (`table: how many rows`), in which any row holds this text, in any column. */
export async function findPlanted(db: Db, text: string): Promise<string[]> {
  const tables = await sql<{ name: string }>`
    select case table_schema when 'public' then '' else table_schema || '.' end || table_name as name
    from information_schema.tables
    where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE' order by 1`.execute(
    db,
  );
  const found: string[] = [];
  for (const { name } of tables.rows) {
    const rows = await sql<{ count: string }>`
      select count(*) from ${sql.table(name)} planted where strpos(lower(planted::text), lower(${text})) > 0`.execute(
      db,
    );
    const count = Number(rows.rows[0]?.count ?? 0);
    if (count > 0) found.push(`${name}: ${count}`);
  }
  return found;
}
