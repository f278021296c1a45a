import { z } from 'zod';
import { mailStatus, type OutboxMail, outboxMail, wholeOutboxMail } from '../../../contract/outbox.ts';
import { Problem } from '../../base/errors.ts';
import {
  countMails,
  listMails,
  type MailFilter,
  type MailRow,
  readMail,
  resendMail,
  type WholeMail,
} from '../../base/shown-outbox.ts';
import { getBrand } from '../../features/brands/brands.ts';
import type { Caller } from './caller.ts';
import { checkpointQuery, flag, listOf, listReply, pageQuery } from './paging.ts';
import { type Api, noBody, nothing, type Route, route } from './route.ts';
import { sees } from './sight.ts';

const mailParams = z.strictObject({ id: z.uuid() });
const filterQuery = {
  recipient: z.string().min(1).max(320).optional(),
  kind: z.string().min(1).max(100).optional(),
  status: mailStatus.optional(),
};

/** Every mail that was written, and what became of it. */
export const outboxRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/outbox',
      summary: 'List the mails of the last 30 days, the newest first',
      may: ['read:outbox'],
      params: nothing,
      query: z.strictObject({ ...pageQuery, ...checkpointQuery, ...filterQuery }),
      body: noBody,
      status: 200,
      reply: listOf('mails', outboxMail),
    },
    async ({ base }, { query, caller, note }) => {
      note.onMany();
      const { recipient, kind, status } = query;
      const filter: MailFilter = { recipient, kind, status, brands: brandsOf(caller) };
      return listReply(base.vault, 'mails', query, {
        load(limit, start) {
          const after = 'after' in start ? start.after : undefined;
          return listMails(base.db, filter, { limit, offset: 'offset' in start ? start.offset : 0, after });
        },
        after: ({ created_at, id }) => ({ created_at, id }),
        count: () => countMails(base.db, filter),
        show,
      });
    },
  ),
  route(
    {
      method: 'GET',
      path: '/outbox/{id}',
      summary: 'Read a mail, without the codes and links in it',
      may: ['read:outbox'],
      params: mailParams,
      query: z.strictObject({ secrets: flag.default(false) }),
      body: noBody,
      status: 200,
      reply: wholeOutboxMail,
    },
    async (api, { params, query, caller, note }) => {
      note.onMany();
      if (query.secrets && !caller.scopes.has('read:outbox_secrets')) {
        throw new Problem('access_denied', 'Insufficient scope, expected any of: read:outbox_secrets', {
          errorCode: 'insufficient_scope',
        });
      }
      const mail = await find(api, params.id, caller, query.secrets);
      return { ...show(mail), text: mail.body_text, html: mail.body_html };
    },
  ),
  route(
    {
      method: 'POST',
      path: '/outbox/{id}/resend',
      summary: 'Send a mail that failed once more, unless it held a code or link',
      may: ['update:outbox'],
      audit: 'mail',
      together: true,
      params: mailParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: outboxMail,
    },
    async (api, { params, caller }) => {
      const mail = await find(api, params.id, caller);
      const brand = mail.brand === null ? undefined : await getBrand(api.base.db, mail.brand);
      await resendMail(api.base, mail, brand?.mail_reply_to ?? null);
      return show(await find(api, params.id, caller));
    },
  ),
];

async function find({ base }: Api, id: string, caller: Caller, secrets = false): Promise<WholeMail> {
  const found = await readMail(base.db, id, { brands: brandsOf(caller), secrets });
  if (!found) throw new Problem('not_found', 'The mail does not exist', { errorCode: 'inexistent_mail' });
  return found;
}

// What mails say of customers, also in their subjects.
const told = ['email', 'name', 'username', 'phone_number', 'last_ip'];

/** Which brands' mails they see: none, for who may not read what mails tell. Problem `access_denied`. */
function brandsOf({ access }: Caller): string[] | null {
  const hidden = told.find((path) => !sees(access, path));
  if (hidden !== undefined) {
    const words = `Mails tell addresses, names and places of customers, which you may not read (${hidden}).`;
    throw new Problem('access_denied', words, { errorCode: 'attribute_hidden' });
  }
  return access.brands && [...access.brands];
}

function show(mail: MailRow): OutboxMail {
  const { id, brand, kind, recipient, sender, subject, language, status, error, template_error, held_secrets } = mail;
  return {
    ...{ id, brand, kind, recipient, sender, subject, language, status, error, template_error, held_secrets },
    created_at: mail.created_at.toISOString(),
    sent_at: mail.sent_at?.toISOString() ?? null,
  };
}
