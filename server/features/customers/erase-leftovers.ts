import { z } from 'zod';
import { inSeconds, now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { addJob } from '../../base/jobs.ts';
import type { Json } from '../../base/json.ts';
import { deleteSubjects } from './erase-store.ts';
import type { Erased, ErasureVerb } from './erased.ts';

const job = z.object({ customer: z.uuid(), customers: z.array(z.uuid()), subjects: z.array(z.uuid()) });

/** Longer than any request takes. */
const laterSeconds = 3600;

/** Queues a second look, in the erasing transaction. Of whom it is, the job knows ids that lead nowhere any more. */
export async function queueLeftovers(tx: Db, { customer, customers, subjects }: Erased): Promise<void> {
  await addJob(
    tx,
    'erase_leftovers',
    { customer, customers: [...customers], subjects: [...subjects] },
    { runAt: inSeconds(laterSeconds) },
  );
}

/**
 * Job `erase_leftovers`: deletes what requests that were on their way during an erasure have written after it, e.g. that
 * somebody typed a wrong password.
 */
export async function eraseLeftovers(db: Db, payload: Json, others: readonly ErasureVerb[]): Promise<void> {
  const whose = job.parse(payload);
  await transact(db, async (tx) => {
    const erased = { ...whose, userIds: [], emails: [], phones: [], sharedEmails: [], at: now() };
    for (const erase of others) await erase(tx, erased);
    await deleteSubjects(tx, whose.subjects);
  });
}
