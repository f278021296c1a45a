import { type RawBuilder, sql } from 'kysely';
import { now } from './clock.ts';
import type { Db } from './db.ts';
import type { Json } from './json.ts';

/** One mail that was written. `kept`: there is no mail server, so it only stands here. */
export type OutboxMail = {
  id: string;
  created_at: Date;
  recipient: string;
  sender: string;
  subject: string;
  body_text: string;
  body_html: string;
  language: string;
  status: string;
  error: string | null;
};

// So long a mail that has left (or could not) is kept.
const keptMs = 30 * 24 * 3_600_000;
const batch = 1000;

/**
 * Deletes mails and text messages that were written long ago, and mails that are to be forgotten; not what still waits
 * to be sent.
 */
export async function cleanOutbox(db: Db): Promise<void> {
  const before = new Date(now().getTime() - keptMs);
  await sql`delete from outbox where forget and status <> 'queued'`.execute(db);
  for (const table of ['outbox', 'text_messages']) await deleteOld(db, sql.table(table), before);
}

async function deleteOld(db: Db, table: RawBuilder<unknown>, before: Date): Promise<void> {
  for (;;) {
    const { numAffectedRows = 0n } = await sql`
      delete from ${table} where id in (
        select id from ${table} where created_at < ${before} and status <> 'queued'
        order by created_at limit ${batch} for update skip locked
      )`.execute(db);
    if (numAffectedRows < BigInt(batch)) return;
  }
}

/** The newest mails, the newest first. */
export function readOutbox(db: Db, count: number): Promise<OutboxMail[]> {
  return db
    .selectFrom('outbox')
    .select(['id', 'created_at', 'recipient', 'sender', 'subject', 'body_text', 'body_html', 'language'])
    .select(['status', 'error'])
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(count)
    .execute();
}

/** The newest mails as text for a terminal, the newest first: who, what, whether it left, and what it says. */
export async function newestMails(db: Db, count: number): Promise<string[]> {
  const mails = await readOutbox(db, count);
  return mails.map((mail) =>
    printable(
      [
        `${mail.created_at.toISOString()}  ${mail.status}${mail.error ? ` (${mail.error})` : ''}`,
        `From: ${mail.sender}`,
        `To: ${mail.recipient}`,
        `Subject: ${mail.subject}`,
        '',
        ...mail.body_text
          .trimEnd()
          .split('\n')
          .map((line) => `  ${line}`),
      ].join('\n'),
    ),
  );
}

/** What customers typed must not steer the operator's terminal. */
function printable(text: string): string {
  return text.replace(/[^\P{C}\n]/gu, '');
}

/**
 * Mails to these subjects of a customer, the oldest first, as they may be handed to them: a text that has not left may
 * hold a code that still opens something, and is left out.
 *
 * @returns rows behind the id `after`, each with its own
 */
export async function readMailsTo(
  db: Db,
  subjects: readonly string[],
  after: string | undefined,
  limit: number,
): Promise<{ row: Json; mark: string }[]> {
  const found = await sql<{ row: Json; mark: string }>`
    select id as mark, jsonb_build_object('kind', kind, 'to', recipient, 'from', sender, 'subject', subject,
      'text', case when status = 'sent' then body_text end, 'language', language, 'status', status,
      'written_at', created_at, 'sent_at', sent_at) as row
    from outbox
    where subject_id = any(${subjects}::uuid[]) and (${after ?? null}::uuid is null or id > ${after ?? null}::uuid)
    order by id limit ${limit}`.execute(db);
  return found.rows;
}

/**
 * The same of text messages and calls. Those that were nobody's yet (a phone that was added at the first sign-in) are
 * theirs by the number. Of what has left the codes were blotted out.
 */
export async function readTextsTo(
  db: Db,
  { subjects, phones }: { subjects: readonly string[]; phones: readonly string[] },
  after: string | undefined,
  limit: number,
): Promise<{ row: Json; mark: string }[]> {
  const found = await sql<{ row: Json; mark: string }>`
    select id as mark, jsonb_build_object('channel', channel, 'to', recipient,
      'text', case when status = 'sent' then body end, 'language', language, 'status', status,
      'written_at', created_at, 'sent_at', sent_at) as row
    from text_messages
    where (subject_id = any(${subjects}::uuid[])
        or (subject_id is null and recipient = any(${phones}::text[])))
      and (${after ?? null}::uuid is null or id > ${after ?? null}::uuid)
    order by id limit ${limit}`.execute(db);
  return found.rows;
}
