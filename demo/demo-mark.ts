import { z } from 'zod';
import { type Config, ConfigError } from '../server/base/config.ts';
import type { Db } from '../server/base/db.ts';
import { readSetting, writeSetting } from '../server/base/settings.ts';
import { countCustomers } from '../server/features/customers/customers.ts';
import { countPortals } from '../server/features/portals/portals.ts';

const setting = 'demo';
const demoMark = z.object({
  /** Addresses and key that the umbrella was last wired with. */
  wiring: z.string().default(''),
  /** How many synthetic customers are there; the others are not finished. */
  customers: z.int().default(0),
  /** Are its staff there? They are made once: who was removed stays so. */
  staff: z.boolean().default(false),
  /** Are its rules on, and the incomes loaded that one of them reads? */
  rules: z.boolean().default(false),
});

/** What a database knows of the demo in it: how far it was made. */
export type DemoMark = z.infer<typeof demoMark>;

/**
 * Makes sure that the database is the demo's own: it has the mark, or is empty and gets it.
 *
 * @throws ConfigError when somebody else works with it
 */
export async function claimDatabase(db: Db, config: Pick<Config, 'databaseUrl'>): Promise<DemoMark> {
  const known = await readSetting(db, setting);
  if (known !== undefined) return demoMark.parse(known);
  if ((await countPortals(db)) > 0 || (await countCustomers(db)) > 0) {
    const name = config.databaseUrl ? 'DATABASE_URL' : 'REGULARS_DATA';
    throw new ConfigError(`${name} must be for the demo alone, but there are portals or customers in it already.`);
  }
  const fresh = demoMark.parse({});
  await writeSetting(db, setting, fresh);
  return fresh;
}

export async function writeMark(db: Db, mark: DemoMark): Promise<void> {
  await writeSetting(db, setting, mark);
}
