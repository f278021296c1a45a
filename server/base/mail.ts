import { sql } from 'kysely';
import type { Base } from './base.ts';
import { now } from './clock.ts';
import type { Db } from './db.ts';
import { uuid } from './ids.ts';
import { addJob } from './jobs.ts';
import type { Language } from './languages.ts';

/** Who a mail comes from: the brand that customers know. */
export type MailBrand = {
  readonly id: string | null;
  readonly name: string;
  /** `Name <a@b>` or `a@b`; null: the server's own sender, under the brand's name. */
  readonly mail_from: string | null;
  readonly mail_reply_to: string | null;
};

export type Mail = {
  readonly brand: MailBrand;
  /** What it is about, e.g. `sign_up_code`: for the console, never shown to the customer. */
  readonly kind: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly language: Language;
  /** The subject (of a customer) whose mail it is, so that erasure finds it. */
  readonly whose?: string | undefined;
  /** Codes and links in the text: never shown to staff, and blotted out of what is kept once the mail has left. */
  readonly secrets?: readonly string[] | undefined;
  /** Why the umbrella's own template was not used. */
  readonly templateError?: string | undefined;
  /** To who was erased: nothing of it is kept once it has left. */
  readonly forget?: boolean | undefined;
  /** After this instant the mail helps nobody, and is given up instead of sent late. */
  readonly until?: Date | undefined;
};

/** What the job `send_mail` is given. */
export type MailJob = { id: string; reply_to: string | null; secrets: string[]; until: string };

const patienceMs = 24 * 3_600_000;

/**
 * Writes a mail into the outbox and queues its sending, both in the caller's transaction. Without `SMTP_URL` it is
 * only kept, to be read in the console or by `regulars outbox`.
 *
 * @returns the id of its row
 */
export async function queueMail(base: Pick<Base, 'config'>, tx: Db, mail: Mail): Promise<string> {
  const { smtpUrl, mailFrom } = base.config;
  const id = uuid();
  const at = now();
  await tx
    .insertInto('outbox')
    .values({
      id,
      brand: mail.brand.id,
      kind: mail.kind,
      recipient: oneLine(mail.to),
      sender: senderOf(mail.brand, mailFrom),
      subject: oneLine(mail.subject),
      body_text: mail.text,
      body_html: mail.html,
      language: mail.language,
      subject_id: mail.whose ?? null,
      forget: mail.forget ?? false,
      secrets: [...(mail.secrets ?? [])],
      held_secrets: (mail.secrets ?? []).length > 0,
      template_error: mail.templateError ?? null,
      status: smtpUrl ? 'queued' : 'kept',
      created_at: at,
    })
    .execute();
  if (smtpUrl) {
    const until = mail.until ?? new Date(at.getTime() + patienceMs);
    const job: MailJob = {
      id,
      reply_to: mail.brand.mail_reply_to && oneLine(mail.brand.mail_reply_to),
      secrets: [...(mail.secrets ?? [])],
      until: until.toISOString(),
    };
    await addJob(tx, 'send_mail', job);
  }
  return id;
}

/** `Name <address>`: the brand's own sender, or the server's address under the brand's name. */
export function senderOf(brand: MailBrand, mailFrom: string): string {
  const own = parseSender(brand.mail_from ?? mailFrom);
  const name = brand.mail_from && own.name ? own.name : brand.name;
  return `${name
    .replace(/[<>"\\]/g, '')
    .replace(/\s+/g, ' ')
    .trim()} <${own.address}>`;
}

/** The two parts of `Name <address>`; a bare address has no name. Line ends and other control characters are gone. */
export function parseSender(text: string): { name: string; address: string } {
  const line = oneLine(text);
  const parts = /^([^<>]*)<([^<>]+)>$/.exec(line);
  return { name: (parts?.[1] ?? '').trim(), address: (parts?.[2] ?? line).trim() };
}

/** Deletes the mails of an erased customer: by whose they were, and those to their addresses that were nobody's. */
export async function eraseMails(
  tx: Db,
  whose: { subjects: readonly string[]; addresses: readonly string[] },
): Promise<void> {
  await sql`delete from outbox where subject_id = any(${whose.subjects}::uuid[])`.execute(tx);
  await sql`delete from outbox
    where lower(recipient) = any(${whose.addresses}::text[]) and subject_id is null`.execute(tx);
}

/** No header can be ended early: control characters become spaces. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
