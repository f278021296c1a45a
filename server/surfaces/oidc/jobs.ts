import { sql } from 'kysely';
import { z } from 'zod';
import { now } from '../../base/clock.ts';
import type { Job } from '../../base/jobs.ts';
import { backchannelLogout } from './backchannel-logout.ts';
import { promoteSigningKey } from './signing-keys.ts';

const waitingKey = z.object({ kid: z.string() });
const unusedMs = 24 * 3_600_000;

/** The protocol's background jobs. */
export const oidcJobs: Readonly<Record<string, Job>> = {
  backchannel_logout: backchannelLogout,
  async promote_signing_key(base, payload) {
    await promoteSigningKey(base, waitingKey.parse(payload).kid);
  },
  /** What a sign-in decided is read by its grants only; the timeline tells that it happened. */
  async delete_old_sign_ins({ db }) {
    const before = new Date(now().getTime() - unusedMs);
    await sql`
      delete from sign_ins s where s.at < ${before} and not exists (
        select from grants g where g.customer = s.customer and g.sign_in = s.id)`.execute(db);
  },
};
