import { z } from 'zod';

export const mailStatus = z.literal(['queued', 'sent', 'failed', 'kept']);

/** A mail that was written. `kept`: there is no mail server, so it only stands here. */
export const outboxMail = z
  .strictObject({
    id: z.uuid(),
    /** The brand that sends it; null: mails for staff. */
    brand: z.uuid().nullable(),
    kind: z.string(),
    recipient: z.string(),
    sender: z.string(),
    subject: z.string(),
    language: z.string(),
    status: mailStatus,
    /** Why it failed, or failed so far. */
    error: z.string().nullable(),
    /** Why the brand's own template was not used for it. */
    template_error: z.string().nullable(),
    /** It holds (or held) a code or link, which is not shown. */
    held_secrets: z.boolean(),
    created_at: z.iso.datetime(),
    sent_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'OutboxMail' });
export type OutboxMail = z.infer<typeof outboxMail>;

/** It, with what it says. `html` is to be shown where nothing runs. */
export const wholeOutboxMail = outboxMail
  .extend({ text: z.string(), html: z.string() })
  .meta({ id: 'WholeOutboxMail' });
export type WholeOutboxMail = z.infer<typeof wholeOutboxMail>;
