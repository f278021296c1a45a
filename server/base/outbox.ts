import type { Db } from './db.ts';

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
