import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import type { Db } from '../../base/db.ts';
import { readSetting, writeSetting } from '../../base/settings.ts';

const name = 'question_pause_days';
const byDefault = 7;
const days = z.int().min(0).max(365);

/** For so many days after a question a customer is asked nothing. */
export async function readPauseDays(db: Db): Promise<number> {
  return days.safeParse(await readSetting(db, name)).data ?? byDefault;
}

/** Kept with the other settings of the umbrella; call inside its transaction. */
export async function writePauseDays({ settings }: Pick<Base, 'settings'>, tx: Db, value: number): Promise<void> {
  await writeSetting(tx, name, value);
  await settings.changed(tx);
}

/** From this process's memory; at most 2 s old. */
export function pauseDays({ db, settings }: Pick<Base, 'db' | 'settings'>): Promise<number> {
  return settings.remember(name, () => readPauseDays(db));
}
