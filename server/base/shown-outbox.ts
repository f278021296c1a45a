import { type RawBuilder, sql } from 'kysely';
import type { Base } from './base.ts';
import { blotOutAll } from './blot-out.ts';
import { now } from './clock.ts';
import { type Db, transact } from './db.ts';
import { Problem } from './errors.ts';
import { addJob } from './jobs.ts';
import type { MailJob } from './mail.ts';

// The outbox as staff see it. A mail holds codes and links that are good for a while: whoever could read them here would
// sign in as the customer (or as one of the staff). So what is shown is without them, whatever state the mail is in.
// Only a mail to a customer that was kept because there is no mail server is shown as it is to whoever may: it reaches
// nobody else. Those to staff are not: no role is a way to another one.

/** A mail as lists show it. */
export type MailRow = {
  readonly id: string;
  readonly brand: string | null;
  readonly kind: string;
  readonly recipient: string;
  readonly sender: string;
  readonly subject: string;
  readonly language: string;
  readonly status: 'queued' | 'sent' | 'failed' | 'kept';
  readonly error: string | null;
  readonly template_error: string | null;
  readonly held_secrets: boolean;
  readonly created_at: Date;
  readonly sent_at: Date | null;
};

/** It, with what it says. */
export type WholeMail = MailRow & { readonly body_text: string; readonly body_html: string };

/** Which mails; `brands`: only of these, null: of all, and those that no brand sends. */
export type MailFilter = {
  readonly recipient?: string | undefined;
  readonly kind?: string | undefined;
  readonly status?: MailRow['status'] | undefined;
  readonly brands: readonly string[] | null;
};

const columns = sql`id, brand, kind, recipient, sender, subject, language, status, error, template_error, held_secrets,
  created_at, sent_at`;

const resendableMs = 72 * 3_600_000;
const patienceMs = 24 * 3_600_000;

/** Only the conditions that are asked for, so that each list is read from the index that serves it. */
function matching({ recipient, kind, status, brands }: MailFilter): RawBuilder<unknown> {
  const conditions = [
    ...(recipient === undefined ? [] : [sql`lower(recipient) = lower(${recipient})`]),
    ...(kind === undefined ? [] : [sql`kind = ${kind}`]),
    // As a word of the statement: the index of what is open is only of its use then. It is one of four.
    ...(status === undefined ? [] : [sql`status = ${sql.lit(status)}`]),
    ...(brands === null ? [] : [sql`brand = any(${brands}::uuid[])`]),
  ];
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
}

/** Mails, the newest first. @param page `after`: the last one of the page before */
export async function listMails(
  db: Db,
  filter: MailFilter,
  page: { limit: number; offset: number; after?: { created_at: Date; id: string } | undefined },
): Promise<MailRow[]> {
  const { limit, offset, after } = page;
  const found = await sql<MailRow & { secrets: string[] }>`
    select ${columns}, secrets from outbox
    where ${matching(filter)} and (${after?.id ?? null}::uuid is null
      or (created_at, id) < (${after?.created_at ?? null}::timestamptz, ${after?.id ?? null}::uuid))
    order by created_at desc, id desc limit ${limit} offset ${offset}`.execute(db);
  return found.rows.map(({ secrets, ...mail }) => ({ ...mail, subject: blotOutAll(mail.subject, secrets) }));
}

/** How many mails there are; beyond `most` it is not counted on. */
export async function countMails(db: Db, filter: MailFilter, most = 10_000): Promise<number> {
  const found = await sql<{ count: number }>`
    select count(*)::integer as count from (
      select 1 from outbox where ${matching(filter)} limit ${most}
    ) some`.execute(db);
  return found.rows[0]?.count ?? 0;
}

/**
 * One mail as staff may see it.
 *
 * @param see `secrets`: with its codes and links, if it is a customer's and was only kept
 */
export async function readMail(
  db: Db,
  id: string,
  see: { brands: readonly string[] | null; secrets: boolean },
): Promise<WholeMail | undefined> {
  const found = await sql<WholeMail & { secrets: string[] }>`
    select ${columns}, body_text, body_html, secrets from outbox
    where id = ${id}::uuid and (${see.brands}::uuid[] is null or brand = any(${see.brands}::uuid[]))`.execute(db);
  const [row] = found.rows;
  if (!row) return undefined;
  const { secrets, ...mail } = row;
  if (see.secrets && mail.status === 'kept' && mail.brand !== null) return mail;
  const hide = (text: string) => blotOutAll(text, secrets);
  return { ...mail, subject: hide(mail.subject), body_text: hide(mail.body_text), body_html: hide(mail.body_html) };
}

/**
 * Sends a mail that has failed once more. One that held a code or link is not: that is gone from what was kept, and
 * what it opened has changed or expired. Nor one of days ago: it speaks of what has just happened.
 *
 * @param replyTo of its brand
 * @throws Problem `not_found`, `conflict`
 */
export async function resendMail(
  base: Pick<Base, 'db' | 'config'>,
  mail: MailRow,
  replyTo: string | null,
): Promise<void> {
  const at = now();
  if (mail.status !== 'failed') throw refused('not_failed', 'Only a mail that failed can be sent again.');
  if (mail.held_secrets) {
    const words = 'This mail held a code or link that was not kept. Let whoever needs it ask for a new one.';
    throw refused('held_secrets', words);
  }
  if (at.getTime() - mail.created_at.getTime() > resendableMs) {
    throw refused('too_old', 'This mail is more than three days old: what it says is no news any more.');
  }
  if (!base.config.smtpUrl) throw refused('no_mail_server', 'There is no mail server: set SMTP_URL first.');
  await transact(base.db, async (tx) => {
    const { numAffectedRows } = await sql`
      update outbox set status = 'queued', error = null where id = ${mail.id}::uuid and status = 'failed'`.execute(tx);
    if (numAffectedRows !== 1n) throw refused('not_failed', 'It is being sent again already.');
    const until = new Date(at.getTime() + patienceMs).toISOString();
    const job: MailJob = { id: mail.id, reply_to: replyTo, secrets: [], until };
    await addJob(tx, 'send_mail', job);
  });
}

function refused(errorCode: string, words: string): Problem {
  return new Problem('conflict', words, { errorCode });
}
