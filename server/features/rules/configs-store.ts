import type { Db } from '../../base/db.ts';

export type ConfigRow = { readonly key: string; readonly value: string };

/** Every configuration value, sealed, in the order of the keys. */
export function readConfigs(db: Db): Promise<ConfigRow[]> {
  return db.selectFrom('rules_configs').select(['key', 'value']).orderBy('key').execute();
}

export async function upsertConfig(tx: Db, { key, value }: ConfigRow, at: Date): Promise<void> {
  await tx
    .insertInto('rules_configs')
    .values({ key, value, updated_at: at })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value, updated_at: at }))
    .execute();
}

export async function deleteConfig(tx: Db, key: string): Promise<void> {
  await tx.deleteFrom('rules_configs').where('key', '=', key).execute();
}
