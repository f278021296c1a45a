import { z } from 'zod';
import { language } from '../../../contract/brands.ts';
import {
  mailKindList,
  mailPreview,
  mailTemplate,
  mailTemplateDraft,
  mailTemplateLine,
  mailTest,
  type MailTemplate as ShownTemplate,
  sentMailTest,
} from '../../../contract/mail-templates.ts';
import { Problem } from '../../base/errors.ts';
import {
  commonValues,
  countTemplates,
  getMailTemplate,
  isKind,
  type MailTemplate,
  mailKinds,
  mailValues,
  mustShow,
  previewMail,
  readTemplates,
  removeMailTemplate,
  saveMailTemplate,
  sendTestMail,
  type WhichMail,
} from '../../features/accounts/accounts.ts';
import { brandBySlug, getBrand } from '../../features/brands/brands.ts';
import { getStaff } from '../../features/staff/staff.ts';
import { type Caller, originOf } from './caller.ts';
import { checkpointQuery, listOf, listReply, pageQuery } from './paging.ts';
import { type Api, noBody, nothing, type Route, route } from './route.ts';
import { refuseChanged } from './version.ts';

const path = '/mail-templates/{brand}/{kind}/{language}';
const params = z.strictObject({ brand: z.string().min(1).max(100), kind: z.string().min(1).max(100), language });

/** Mails in the umbrella's own words: what replaces one of ours at one brand, in one language. */
export const mailTemplateRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/mail-kinds',
      summary: 'List the mails that can be replaced, what each is for, and what it can show',
      may: ['read:mail_templates'],
      params: nothing,
      query: nothing,
      body: noBody,
      status: 200,
      reply: mailKindList,
    },
    async () => ({
      kinds: [...mailKinds].map(([kind, { about, values }]) => ({
        kind,
        about,
        values: values.map((name) => ({ name, ...mailValues[name] })),
        must_show: mustShow(kind),
      })),
      common_values: Object.entries(commonValues).map(([name, about]) => ({ name, about })),
    }),
  ),
  route(
    {
      method: 'GET',
      path: '/mail-templates',
      summary: 'List the mails that are replaced',
      may: ['read:mail_templates'],
      params: nothing,
      query: z.strictObject({ ...pageQuery, ...checkpointQuery, brand: z.string().min(1).max(100).optional() }),
      body: noBody,
      status: 200,
      reply: listOf('mail_templates', mailTemplateLine),
    },
    async (api, { query, caller }) => {
      const { db, vault } = api.base;
      const all = caller.access.brands && [...caller.access.brands];
      const of = { brands: query.brand === undefined ? all : [(await findBrand(api, query.brand, caller)).id] };
      return listReply(vault, 'mail_templates', query, {
        load(limit, start) {
          const after = 'after' in start ? start.after : undefined;
          return readTemplates(db, of, { limit, offset: 'offset' in start ? start.offset : 0, after });
        },
        after: ({ created_at, id }) => ({ created_at, id }),
        count: () => countTemplates(db, of),
        show: ({ brand, kind, language, updated_at }) => ({
          ...{ brand, kind, language },
          updated_at: updated_at.toISOString(),
        }),
      });
    },
  ),
  route(
    {
      method: 'GET',
      path,
      summary: 'Read how a mail is written now',
      may: ['read:mail_templates'],
      versioned: true,
      params,
      query: nothing,
      body: noBody,
      status: 200,
      reply: mailTemplate,
    },
    async (api, call) => {
      const which = await find(api, call);
      return show(which, await getMailTemplate(api.base.db, which));
    },
  ),
  route(
    {
      method: 'PUT',
      path,
      summary: 'Replace a mail',
      may: ['update:mail_templates'],
      audit: 'mail',
      together: true,
      versioned: true,
      params,
      query: nothing,
      body: mailTemplateDraft,
      status: 200,
      reply: mailTemplate,
    },
    async (api, call) => {
      const which = await find(api, call);
      const check = (known: MailTemplate) => refuseChanged(call.ifMatch, show(which, known));
      return show(which, await saveMailTemplate(api.base, which, call.body, check));
    },
  ),
  route(
    {
      method: 'DELETE',
      path,
      summary: 'Let our own mail be sent again',
      may: ['delete:mail_templates'],
      audit: 'mail',
      together: true,
      versioned: true,
      params,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async (api, call) => {
      const which = await find(api, call);
      await removeMailTemplate(api.base, which, (known) => refuseChanged(call.ifMatch, show(which, known)));
    },
  ),
  route(
    {
      method: 'POST',
      audit: 'nothing',
      path: `${path}/preview`,
      summary: 'Show a mail as a customer could get it, by a template that need not be saved',
      may: ['read:mail_templates'],
      params,
      query: nothing,
      body: mailTemplateDraft,
      status: 200,
      reply: mailPreview,
    },
    async (api, call) => previewMail(api.base, await find(api, call), call.body),
  ),
  route(
    {
      method: 'POST',
      audit: 'mail',
      together: true,
      path: `${path}/test`,
      summary: 'Mail a template that need not be saved: staff to themselves, machines to the address they name',
      may: ['update:mail_templates'],
      params,
      query: nothing,
      body: mailTest,
      status: 201,
      reply: sentMailTest,
    },
    async (api, call) => {
      const { to: named, ...draft } = call.body;
      const to = await addressee(api, call.caller, named);
      await sendTestMail(api.base, await find(api, call), draft, { to, by: originOf(call.caller) });
      return { to };
    },
  ),
];

type Call = { readonly params: z.infer<typeof params>; readonly caller: Caller };

async function find(api: Api, { params: { brand, kind, language: spoken }, caller }: Call): Promise<WhichMail> {
  if (!isKind(kind)) {
    throw new Problem('not_found', 'There is no such mail. GET /mail-kinds lists them.', {
      errorCode: 'inexistent_mail_kind',
    });
  }
  return { brand: await findBrand(api, brand, caller), kind, language: spoken };
}

async function findBrand({ base }: Api, idOrSlug: string, { access }: Caller): Promise<WhichMail['brand']> {
  const isId = z.uuid().safeParse(idOrSlug).success;
  const found = isId ? await getBrand(base.db, idOrSlug) : await brandBySlug(base.db, idOrSlug);
  if (!found || (access.brands && !access.brands.has(found.id))) {
    throw new Problem('not_found', 'The brand does not exist', { errorCode: 'inexistent_brand' });
  }
  return found;
}

/** Nobody of the staff sends mails to others from here. */
async function addressee({ base }: Api, caller: Caller, named: string | undefined): Promise<string> {
  if (caller.kind === 'machine') {
    if (named !== undefined) return named;
    throw new Problem('invalid_body', "Payload validation error: 'Missing required property: to'.");
  }
  const staff = await getStaff(base.db, caller.staffId);
  if (!staff) throw new Problem('unauthenticated');
  if (named !== undefined && named.toLowerCase() !== staff.email) {
    throw new Problem('invalid_body', `Payload validation error: 'A test is sent to yourself alone' on property to.`);
  }
  return staff.email;
}

function show(
  { brand, kind, language: spoken }: WhichMail,
  { subject, html, text, updatedAt }: MailTemplate,
): ShownTemplate {
  const what = { brand: brand.id, kind, language: spoken };
  return { ...what, is_own: updatedAt !== null, subject, html, text, updated_at: updatedAt?.toISOString() ?? null };
}
