import type { Base } from '../../base/base.ts';
import type { Db } from '../../base/db.ts';
import { addJob } from '../../base/jobs.ts';
import { ownCallDepth } from '../../base/own-calls.ts';
import { isActionBound } from './pipeline.ts';

/** Triggers whose actions run when the act is done: nobody waits for them. */
export type LaterTrigger = 'post-user-registration' | 'post-change-password';

/** Whom it is about, and what is known of the request. */
export type About = {
  readonly subject: string;
  /** Name of the connection. */
  readonly connection?: string | undefined;
  readonly ip?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly language?: string | undefined;
  /** Client id. */
  readonly portal?: string | undefined;
};

/**
 * Queues the actions of a trigger in the transaction of the act: they run, once, exactly if it commits. Nothing is
 * written where none is bound.
 */
export async function queueActions(
  base: Pick<Base, 'db' | 'settings' | 'vault'>,
  tx: Db,
  trigger: LaterTrigger,
  about: About,
): Promise<void> {
  if (!(await isActionBound(base, trigger))) return;
  const depth = ownCallDepth();
  await addJob(tx, 'run_actions', JSON.parse(JSON.stringify({ trigger, ...about, depth })), { maxAttempts: 1 });
}
