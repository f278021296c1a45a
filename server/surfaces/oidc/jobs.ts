import { z } from 'zod';
import { now } from '../../base/clock.ts';
import type { Job } from '../../base/jobs.ts';
import { backchannelLogout } from './backchannel-logout.ts';
import { deleteOldSignIns } from './records.ts';
import { promoteSigningKey } from './signing-keys.ts';

const waitingKey = z.object({ kid: z.string() });
const unusedMs = 24 * 3_600_000;
const batch = 5000;

/** The protocol's background jobs. */
export const oidcJobs: Readonly<Record<string, Job>> = {
  backchannel_logout: backchannelLogout,
  async promote_signing_key(base, payload) {
    await promoteSigningKey(base, waitingKey.parse(payload).kid);
  },
  /** What a sign-in decided is read by its grants only; the timeline tells that it happened. */
  async delete_old_sign_ins({ db }) {
    const before = new Date(now().getTime() - unusedMs);
    while ((await deleteOldSignIns(db, before, batch)) === batch);
  },
};
