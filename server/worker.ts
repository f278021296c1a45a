// The one list of background jobs: what the process does beside answering requests.
import type { Base } from './base/base.ts';
import { now } from './base/clock.ts';
import { deleteExpired } from './base/expiry.ts';
import { type Cron, cleanJobs, type Job, type RunningJobs, runJobs } from './base/jobs.ts';
import { cleanOutbox } from './base/outbox.ts';
import { sendMail } from './base/send-mail.ts';
import { sendText } from './base/send-text.ts';
import { erasures } from './customer-data.ts';
import { eraseDue, mailUnblockLink } from './features/accounts/accounts.ts';
import { trimActions } from './features/actions/actions.ts';
import { startSealing, trimAudit } from './features/audit/audit.ts';
import {
  beginSearchFilling,
  ensureTimeline,
  eraseLeftovers,
  fillSearchWords,
  trimTimeline,
} from './features/customers/customers.ts';
import { countAttributeShares } from './features/questions/questions.ts';
import { mailResetLink, mailStaffUnblockLink } from './features/staff/staff.ts';
import { finishEnrichment } from './finish-enrichment.ts';
import { oidcJobs } from './surfaces/oidc/jobs.ts';
import { endSessions } from './surfaces/oidc/oidc.ts';
import { noteStaffRefusal } from './surfaces/staff/note-refusal.ts';
import { carryByAction, runActionsLater } from './surfaces/triggers/triggers.ts';

/** Tables whose rows are worth nothing once `expires_at` has passed. */
export const expiring: readonly string[] = [
  'action_cache',
  'attempts',
  'consent_confirmations',
  'flows',
  'grants',
  'mfa_tokens',
  'network_notes',
  'one_time_codes',
  'passkey_challenges',
  'remembered_devices',
  'rule_lines',
  'rule_minutes',
  'seen_proofs',
  'sessions',
  'staff_sessions',
  'staff_steps',
  'staff_tickets',
  'tokens',
];

/** Every job by its name. */
export const jobs: Readonly<Record<string, Job>> = {
  ...oidcJobs,
  count_attribute_shares: ({ db }) => countAttributeShares(db, now()),
  async delete_expired({ db }) {
    for (const table of expiring) await deleteExpired(db, table);
    await cleanOutbox(db);
    await cleanJobs(db);
    await trimActions(db);
  },
  erase_leftovers: ({ db }, payload) => eraseLeftovers(db, payload, erasures),
  erase_due: (base) => eraseDue(base, { endSessions, others: erasures }),
  finish_enrichment: finishEnrichment,
  fill_search_words: ({ db }) => fillSearchWords(db),
  async keep_timeline({ db }) {
    await ensureTimeline(db, now());
    await trimTimeline(db, now());
  },
  note_staff_refusal: noteStaffRefusal,
  mail_staff_reset_link: mailResetLink,
  mail_staff_unblock_link: mailStaffUnblockLink,
  async trim_audit({ db }) {
    await trimAudit(db, now());
  },
  mail_unblock_link: mailUnblockLink,
  send_mail: sendMail,
  run_actions: runActionsLater,
  send_text: (base, payload) => sendText(base, payload, carryByAction),
};

/** Jobs that the clock starts (minute, hour, day, month, weekday; UTC). */
export const crons: readonly Cron[] = [
  { job: 'delete_expired', pattern: '*/10 * * * *' },
  { job: 'erase_due', pattern: '*/5 * * * *' },
  { job: 'delete_old_sign_ins', pattern: '17 * * * *' },
  { job: 'keep_timeline', pattern: '23 1 * * *' },
  { job: 'count_attribute_shares', pattern: '7 3 * * *' },
  { job: 'trim_audit', pattern: '41 2 * * *' },
];

/** Runs them inside this process until `stop`. */
export async function startWorker(base: Base, directUrl: string): Promise<RunningJobs> {
  // A server that was off for long must not wait for the night: without its month a row would fall into the rest.
  await ensureTimeline(base.db, now());
  await beginSearchFilling(base.db);
  const running = await runJobs(base, directUrl, jobs, crons);
  const sealing = startSealing(base);
  return {
    async stop(patienceMs) {
      await sealing.stop();
      await running.stop(patienceMs);
    },
  };
}
