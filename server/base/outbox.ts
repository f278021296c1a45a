import type { Db } from './db.ts';

/** The newest mails as text for a terminal, the newest first: who, what, whether it left, and what it says. */
export async function newestMails(db: Db, count: number): Promise<string[]> {
  const mails = await db
    .selectFrom('outbox')
    .select(['created_at', 'recipient', 'sender', 'subject', 'body_text', 'status', 'error'])
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(count)
    .execute();
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
