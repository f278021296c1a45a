import type { Base } from '../../../base/base.ts';
import { now } from '../../../base/clock.ts';
import { type Db, transact } from '../../../base/db.ts';
import { uuid } from '../../../base/ids.ts';
import type { Language } from '../../../base/languages.ts';
import type { Composed } from '../../../base/letter.ts';
import { queueMail } from '../../../base/mail.ts';
import type { Brand } from '../../brands/brands.ts';
import { composeMail } from '../compose-mail.ts';
import { countTestMail } from '../limits.ts';
import type { Circumstances, MailContent, MailKind } from '../mail-content.ts';
import { checkTemplate, type TemplateDraft } from './check-template.ts';
import { composeOwn, sampleContent, startingTemplate } from './compose-own.ts';
import { fault } from './fault.ts';
import { deleteTemplate, lockTemplate, readTemplate, type TemplateRow, upsertTemplate } from './store.ts';

/** Which mail, of which brand, in which language. */
export type WhichMail = { readonly brand: Brand; readonly kind: MailKind; readonly language: Language };

/** How a mail is written now: by the umbrella's own template, or (`updatedAt` null) by ours. */
export type MailTemplate = TemplateDraft & { readonly updatedAt: Date | null };

/** Writes a mail as it is written at this brand, in the caller's transaction. */
export async function writeMail(
  tx: Db,
  brand: Brand,
  language: Language,
  content: MailContent,
  circumstances?: Circumstances | undefined,
): Promise<Composed & { templateError?: string }> {
  const template = await readTemplate(tx, { brand: brand.id, kind: content.kind, language });
  return template
    ? composeOwn(template, brand, language, content, circumstances)
    : composeMail(brand, language, content, circumstances);
}

/** How it is written now; where nothing replaces ours, ours as a template to begin from. */
export async function getMailTemplate(db: Db, which: WhichMail): Promise<MailTemplate> {
  return toTemplate(which, await readTemplate(db, keyOf(which)));
}

/**
 * Replaces our mail, or what replaced it.
 *
 * @param check sees what holds until now, and may throw
 * @throws Problem `invalid_body` naming subject, html or text, and what to do
 */
export async function saveMailTemplate(
  base: Pick<Base, 'db' | 'config'>,
  which: WhichMail,
  draft: TemplateDraft,
  check: (known: MailTemplate) => void = () => undefined,
): Promise<MailTemplate> {
  previewMail(base, which, draft);
  return transact(base.db, async (tx) => {
    await lockTemplate(tx, keyOf(which));
    check(await getMailTemplate(tx, which));
    return toTemplate(which, await upsertTemplate(tx, keyOf(which), draft, { id: uuid(), at: now() }));
  });
}

/** From now on ours is sent again. @param check sees what holds until now, and may throw */
export async function removeMailTemplate(
  base: Pick<Base, 'db'>,
  which: WhichMail,
  check: (known: MailTemplate) => void = () => undefined,
): Promise<void> {
  await transact(base.db, async (tx) => {
    await lockTemplate(tx, keyOf(which));
    check(await getMailTemplate(tx, which));
    await deleteTemplate(tx, keyOf(which));
  });
}

/**
 * The mail as a customer could get it, by a template that need not be saved.
 *
 * @throws Problem `invalid_body` naming subject, html or text, and what to do
 */
export function previewMail({ config }: Pick<Base, 'config'>, which: WhichMail, draft: TemplateDraft): Composed {
  const { brand, kind, language } = which;
  checkTemplate(kind, draft);
  const { templateError, ...mail } = composeOwn(draft, brand, language, sampleContent(kind, config.url));
  if (templateError !== undefined) throw fault('html', `It cannot be filled in: ${templateError}`);
  return mail;
}

/**
 * Mails a template that need not be saved, with the values of nobody.
 *
 * @param by who asks for it; each may send so many, and each address is sent so many
 * @throws Problem `invalid_body` as `previewMail`, too_many_attempts
 */
export async function sendTestMail(
  base: Base,
  which: WhichMail,
  draft: TemplateDraft,
  { to, by }: { to: string; by: string },
): Promise<void> {
  const { subject, html, text } = previewMail(base, which, draft);
  await countTestMail(base, { to, by });
  const { brand, language } = which;
  await transact(base.db, async (tx) => {
    await queueMail(base, tx, { brand, kind: 'test', to, subject: `[Test] ${subject}`, html, text, language });
  });
}

function keyOf({ brand, kind, language }: WhichMail) {
  return { brand: brand.id, kind, language };
}

function toTemplate({ brand, kind, language }: WhichMail, row: TemplateRow | undefined): MailTemplate {
  const { subject, html, text } = row ?? startingTemplate(brand, language, kind);
  return { subject, html, text, updatedAt: row?.updated_at ?? null };
}
