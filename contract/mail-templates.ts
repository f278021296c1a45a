import { z } from 'zod';
import { language } from './brands.ts';
import { text } from './text.ts';

const value = z.strictObject({ name: z.string(), about: z.string(), sample: z.string().optional() });

/** A mail of ours: what it is for, and what a template may show in it. */
export const mailKind = z
  .strictObject({
    kind: z.string(),
    about: z.string(),
    /** What it is about: `{{ code }}`, `{{ link }}`, ... */
    values: z.array(value),
    /** Those without which the mail is worth nothing: a template without them is refused. */
    must_show: z.array(z.literal(['code', 'link'])),
  })
  .meta({ id: 'MailKind' });
export type MailKind = z.infer<typeof mailKind>;

/** Every mail, and what each of them knows beside what it is about. */
export const mailKindList = z
  .strictObject({ kinds: z.array(mailKind), common_values: z.array(value) })
  .meta({ id: 'MailKindList' });
export type MailKindList = z.infer<typeof mailKindList>;

/** What replaces a mail of ours: Liquid. */
export const mailTemplateDraft = z
  .strictObject({ subject: text(300, 1), html: text(100_000, 1), text: text(50_000, 1) })
  .meta({ id: 'MailTemplateDraft' });
export type MailTemplateDraft = z.infer<typeof mailTemplateDraft>;

/** How a mail is written now. */
export const mailTemplate = z
  .strictObject({
    /** Its id. */
    brand: z.uuid(),
    kind: z.string(),
    language,
    /** False: nothing replaces ours, which is shown as a template to begin from. */
    is_own: z.boolean(),
    subject: z.string(),
    html: z.string(),
    text: z.string(),
    updated_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'MailTemplate' });
export type MailTemplate = z.infer<typeof mailTemplate>;

/** A mail that is replaced. */
export const mailTemplateLine = z
  .strictObject({ brand: z.uuid(), kind: z.string(), language, updated_at: z.iso.datetime() })
  .meta({ id: 'MailTemplateLine' });
export type MailTemplateLine = z.infer<typeof mailTemplateLine>;

/** A mail as a customer could get it. `html` is to be shown where nothing runs. */
export const mailPreview = z
  .strictObject({ subject: z.string(), html: z.string(), text: z.string() })
  .meta({ id: 'MailPreview' });
export type MailPreview = z.infer<typeof mailPreview>;

/** `to`: only machines name it; staff are sent it themselves. */
export const mailTest = mailTemplateDraft.extend({ to: z.email().max(320).optional() }).meta({ id: 'MailTest' });

export const sentMailTest = z.strictObject({ to: z.string() }).meta({ id: 'SentMailTest' });
