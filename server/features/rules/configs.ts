import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { deleteConfig, readConfigs, upsertConfig } from './configs-store.ts';

const context = 'rules_configs.value';
const mostKeys = 500;

/** The keys of what scripts find as `configuration`. */
export async function configKeys(db: Db): Promise<string[]> {
  return (await readConfigs(db)).map(({ key }) => key);
}

/** What scripts find as `configuration`, unsealed: for the sandbox alone. */
export async function readConfiguration({ db, vault }: Pick<Base, 'db' | 'vault'>): Promise<Record<string, string>> {
  const rows = await readConfigs(db);
  return Object.fromEntries(rows.map(({ key, value }) => [key, vault.decrypt(value, context)]));
}

/** Sets a value; it is sealed at rest, and shown to scripts alone. @throws Problem `conflict` beyond 500 keys */
export function setConfig(
  { db, settings, vault }: Pick<Base, 'db' | 'settings' | 'vault'>,
  key: string,
  value: string,
): Promise<void> {
  return transact(db, async (tx) => {
    await settings.changed(tx);
    await upsertConfig(tx, { key, value: vault.encrypt(value, context) }, now());
    const keys = await configKeys(tx);
    if (keys.length > mostKeys) throw new Problem('conflict', `There are at most ${mostKeys} configuration values.`);
  });
}

/** Nothing happens when there is no such key. */
export function removeConfig({ db, settings }: Pick<Base, 'db' | 'settings'>, key: string): Promise<void> {
  return transact(db, async (tx) => {
    await settings.changed(tx);
    await deleteConfig(tx, key);
  });
}
