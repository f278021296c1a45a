import { createTransport, type SendMailOptions } from 'nodemailer';
import { z } from 'zod';
import type { Base } from './base.ts';
import { blotOut } from './blot-out.ts';
import { now } from './clock.ts';
import type { Json } from './json.ts';
import { parseSender } from './mail.ts';

const mailJob = z.object({
  id: z.uuid(),
  reply_to: z.string().nullable(),
  secrets: z.array(z.string()),
  until: z.iso.datetime(),
});

/**
 * Job `send_mail`: hands one mail of the outbox to the mail server. What fails in passing is thrown, so that the job is
 * tried again, ever later; what the mail server refuses for good, or what comes too late, is marked as failed.
 *
 * @param deadlineMs of each step: finding, reaching, greeting, each answer; only tests set it
 */
export async function sendMail(base: Base, payload: Json, deadlineMs = 10_000): Promise<void> {
  const { id, reply_to, secrets, until } = mailJob.parse(payload);
  const row = await base.db
    .selectFrom('outbox')
    .selectAll()
    .where('id', '=', id)
    .where('status', '=', 'queued')
    .executeTakeFirst();
  if (!row) return;
  const mark = async (
    values: { status?: 'sent' | 'failed' | 'kept'; error?: string; sent_at?: Date },
    blot = false,
  ) => {
    if (row.forget && values.status) return void (await base.db.deleteFrom('outbox').where('id', '=', id).execute());
    await base.db
      .updateTable('outbox')
      .set({
        ...values,
        ...(blot && {
          body_text: blotOut(row.body_text, secrets),
          body_html: blotOut(row.body_html, secrets),
          secrets: [],
        }),
      })
      .where('id', '=', id)
      .execute();
  };

  if (!base.config.smtpUrl) return void (await mark({ status: 'kept' }));
  if (now() > new Date(until)) return void (await mark({ status: 'failed', error: row.error ?? 'too late' }, true));
  try {
    await deliver(base.config.smtpUrl, deadlineMs, {
      from: parseSender(row.sender),
      to: { name: '', address: row.recipient },
      ...(reply_to && { replyTo: parseSender(reply_to) }),
      subject: row.subject,
      text: row.body_text,
      html: row.body_html,
      // The same at every try, so that a mail that was sent twice is shown once.
      messageId: `<${id}@${parseSender(row.sender).address.split('@').at(-1)}>`,
      headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': row.language },
    });
  } catch (error) {
    const message = (error instanceof Error ? error.message : String(error)).slice(0, 500);
    if (isFinal(error)) return void (await mark({ status: 'failed', error: message }, true));
    await mark({ error: message });
    throw error;
  }
  await mark({ status: 'sent', sent_at: now() }, true);
}

async function deliver(smtpUrl: string, deadlineMs: number, mail: SendMailOptions): Promise<void> {
  const transport = createTransport({
    url: smtpUrl,
    dnsTimeout: deadlineMs,
    connectionTimeout: deadlineMs,
    greetingTimeout: deadlineMs,
    socketTimeout: deadlineMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({ ...mail, signal: AbortSignal.timeout(6 * deadlineMs) });
  } finally {
    transport.close();
  }
}

/** Did the mail server refuse this mail for good (RFC 5321, 5yz)? A wrong login can be put right by the operator. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof Error) || !('permanent' in error)) return false;
  return error.permanent === true && !('code' in error && error.code === 'EAUTH');
}
