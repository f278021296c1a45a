import type { Base } from '../../base/base.ts';
import type { Db } from '../../base/db.ts';
import { queueMail } from '../../base/mail.ts';
import type { Asked } from './asked.ts';
import type { Circumstances, MailContent } from './mail-content.ts';
import { writeMail } from './mail-templates/mail-templates.ts';

/** Writes a mail in the brand's clothes and queues it in the caller's transaction. */
export async function post(
  base: Pick<Base, 'config'>,
  tx: Db,
  letter: {
    to: string;
    asked: Pick<Asked, 'brand' | 'language'>;
    content: MailContent;
    circumstances?: Circumstances | undefined;
    /** The subject whose mail it is. */
    whose?: string | undefined;
    until?: Date | undefined;
    /** The last one to who was erased. */
    forget?: boolean | undefined;
  },
): Promise<void> {
  const { to, asked, content, circumstances, whose, until, forget } = letter;
  const composed = await writeMail(tx, asked.brand, asked.language, content, circumstances);
  const secrets = [...('code' in content ? [content.code] : []), ...('link' in content ? ticketsIn(content.link) : [])];
  await queueMail(base, tx, {
    ...composed,
    brand: asked.brand,
    kind: content.kind,
    to,
    language: asked.language,
    whose,
    secrets,
    until,
    forget,
  });
}

/** Of a link only the ticket is secret. */
function ticketsIn(link: string): string[] {
  const ticket = new URL(link).searchParams.get('ticket');
  return ticket ? [ticket] : [];
}
