// The one list of background jobs: what the process does beside answering requests.
import type { Base } from './base/base.ts';
import { deleteExpired } from './base/expiry.ts';
import { type Cron, type Job, type RunningJobs, runJobs } from './base/jobs.ts';
import { sendMail } from './base/send-mail.ts';
import { mailUnblockLink } from './features/accounts/accounts.ts';

/** Tables whose rows are worth nothing once `expires_at` has passed. */
export const expiring = ['attempts', 'one_time_codes'] as const;

/** Every job by its name. */
export const jobs: Readonly<Record<string, Job>> = {
  async delete_expired({ db }) {
    for (const table of expiring) await deleteExpired(db, table);
  },
  mail_unblock_link: mailUnblockLink,
  send_mail: sendMail,
};

/** Jobs that the clock starts (minute, hour, day, month, weekday; UTC). */
export const crons: readonly Cron[] = [{ job: 'delete_expired', pattern: '*/10 * * * *' }];

/** Runs them inside this process until `stop`. */
export function startWorker(base: Base, directUrl: string): Promise<RunningJobs> {
  return runJobs(base, directUrl, jobs, crons);
}
