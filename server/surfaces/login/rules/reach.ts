import type { Base } from '../../../base/base.ts';
import type { Db } from '../../../base/db.ts';
import { readSetting, writeSetting } from '../../../base/settings.ts';

const name = 'code_reaches';

/** Whom the umbrella's own code may read and change: the customer who signs in, or everybody. */
export type Reach = 'customer' | 'everybody';

export async function readReach(db: Db): Promise<Reach> {
  return (await readSetting(db, name)) === 'everybody' ? 'everybody' : 'customer';
}

/** Kept with the other settings of the umbrella; call inside its transaction. */
export async function writeReach({ settings }: Pick<Base, 'settings'>, tx: Db, reach: Reach): Promise<void> {
  await writeSetting(tx, name, reach);
  await settings.changed(tx);
}

/** From this process's memory; at most 2 s old. */
export async function reachesEverybody({ db, settings }: Pick<Base, 'db' | 'settings'>): Promise<boolean> {
  return (await settings.remember(name, () => readReach(db))) === 'everybody';
}
