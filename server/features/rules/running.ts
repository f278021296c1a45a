import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { type Db, transact } from '../../base/db.ts';
import { readSetting, writeSetting } from '../../base/settings.ts';

/** How the pipeline runs. */
export type Running = {
  /** Break glass: no rule runs, and nobody is refused for it. */
  readonly skipped: boolean;
  /** Wall time of all rules together. */
  readonly deadlineMs: number;
};

const setting = 'rules';
const usual: Running = { skipped: false, deadlineMs: 20_000 };
const kept = z.object({ skipped: z.boolean(), deadlineMs: z.int() });

/** How the pipeline runs, from the database. */
export async function readRunning(db: Db): Promise<Running> {
  return kept.safeParse(await readSetting(db, setting)).data ?? usual;
}

/** Changes how the pipeline runs, at once for every process. */
export function changeRunning(
  { db, settings }: Pick<Base, 'db' | 'settings'>,
  patch: { skipped?: boolean | undefined; deadlineMs?: number | undefined },
): Promise<Running> {
  return transact(db, async (tx) => {
    // Who changes any setting waits here for whoever came first.
    await settings.changed(tx);
    const present = await readRunning(tx);
    const { skipped = present.skipped, deadlineMs = present.deadlineMs } = patch;
    await writeSetting(tx, setting, { skipped, deadlineMs });
    return { skipped, deadlineMs };
  });
}
