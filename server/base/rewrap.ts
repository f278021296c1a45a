import { sql } from 'kysely';
import type { Base } from './base.ts';

const batch = 500;

/** A text column that holds ciphertexts of the vault, whose context is `table.column`; `key` is the primary key. */
export type SealedColumn = { readonly table: string; readonly key: string; readonly column: string };

/**
 * Encrypts a column anew with the current key of `REGULARS_SECRET`, a few rows at a time, while servers run: a row that
 * changes meanwhile was written with the current key already.
 *
 * @returns how many rows had an older key
 */
export async function rewrapColumn(
  { db, vault }: Pick<Base, 'db' | 'vault'>,
  { table, key, column }: SealedColumn,
): Promise<number> {
  const [from, id, sealed] = [sql.table(table), sql.ref(key), sql.ref(column)];
  const context = `${table}.${column}`;
  let count = 0;
  for (let last: string | undefined; ; ) {
    const behind = last === undefined ? sql`true` : sql`${id} > ${last}`;
    const { rows } = await sql<{ id: string; sealed: string }>`
      select ${id} as id, ${sealed} as sealed from ${from}
      where ${sealed} is not null and ${behind} order by ${id} limit ${batch}`.execute(db);
    for (const row of rows.filter((one) => !vault.isCurrent(one.sealed))) {
      const anew = vault.encrypt(vault.decrypt(row.sealed, context), context);
      const change = sql`update ${from} set ${sealed} = ${anew} where ${id} = ${row.id} and ${sealed} = ${row.sealed}`;
      await change.execute(db);
      count += 1;
    }
    last = rows.at(-1)?.id;
    if (rows.length < batch) return count;
  }
}
