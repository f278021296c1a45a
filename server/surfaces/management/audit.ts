import { Readable } from 'node:stream';
import { z } from 'zod';
import { auditEntry, auditVerified } from '../../../contract/audit.ts';
import { type AuditEntry, type AuditFilter, listAudit, verifyAuditPart } from '../../features/audit/audit.ts';
import { familyOf, livingOf } from '../../features/customers/customers.ts';
import { auditShow } from './audit-shape.ts';
import { findUser } from './find-user.ts';
import { openMark, pageToken, readPageToken, sealMark } from './paging.ts';
import { type Api, type Circumstances, noBody, nothing, type Route, route } from './route.ts';

const filters = {
  /** A `user_id`. */
  user_id: z.string().max(600).optional(),
  /** Id of one of the staff, or a client id. */
  by: z.string().max(128).optional(),
  act: auditEntry.shape.act.optional(),
  since: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
};

const exportPage = 500;
/** Rows and seals that one request looks at: about a second. */
const verifyPart = 20_000;
const verifyList = 'audit-verify';
const verifiedTo = z.strictObject({ number: z.string(), hash: z.string() });

/** What staff and machines did, and whom they looked at. */
export const auditRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/audit',
      summary: 'List what staff and machines did and whom they looked at, the newest first',
      may: ['read:audit'],
      params: nothing,
      query: z.strictObject({
        ...filters,
        from: z.string().max(1000).optional(),
        take: z.coerce.number().int().min(1).max(100).default(50),
      }),
      body: noBody,
      status: 200,
      reply: z.strictObject({ audit: z.array(auditEntry), next: z.string().optional() }),
    },
    async (api, { query: { from, take, ...query }, ...circumstances }) => {
      const { base } = api;
      const filter = await filterOf(api, query, circumstances);
      const mark = from === undefined ? undefined : readPageToken(base.vault, 'audit', from);
      const after = mark && { at: mark.created_at, id: mark.id };
      const found = await listAudit(base.db, filter, { limit: take + 1, after });
      const page = found.slice(0, take);
      const last = found.length > take ? page.at(-1) : undefined;
      return {
        audit: await auditShow(base.db, page, circumstances.caller.access),
        ...(last && { next: pageToken(base.vault, 'audit', { created_at: last.at, id: last.id }) }),
      };
    },
  ),
  route(
    {
      method: 'GET',
      path: '/audit/export',
      summary: 'Export what staff and machines did, the newest first: one JSON object a line (NDJSON)',
      may: ['read:audit'],
      params: nothing,
      query: z.strictObject(filters),
      body: noBody,
      status: 200,
      type: 'application/x-ndjson',
      download: 'audit.ndjson',
    },
    async (api, { query, ...circumstances }) => {
      const filter = await filterOf(api, query, circumstances);
      return Readable.from(lines(api, filter, circumstances));
    },
  ),
  route(
    {
      method: 'GET',
      path: '/audit/verify',
      summary: 'Verify that no row of the audit log was changed, deleted, added or moved, a part after the other',
      may: ['read:audit'],
      params: nothing,
      query: z.strictObject({ from: z.string().max(1000).optional() }),
      body: noBody,
      status: 200,
      reply: auditVerified,
    },
    async ({ base: { db, vault } }, { query: { from } }) => {
      const mark = from === undefined ? undefined : openMark(vault, verifyList, from, verifiedTo);
      const { next, ...found } = await verifyAuditPart(db, (ids) => livingOf(db, ids), {
        from: mark,
        most: verifyPart,
      });
      return { ...found, ...(next && { next: sealMark(vault, verifyList, next) }) };
    },
  ),
];

type Query = {
  user_id?: string | undefined;
  by?: string | undefined;
  act?: AuditEntry['act'] | undefined;
  since?: string | undefined;
  until?: string | undefined;
};

async function filterOf(
  api: Api,
  { user_id, by, act, since, until }: Query,
  from: Circumstances,
): Promise<AuditFilter> {
  // It shows what was changed about customers.
  from.note.onMany();
  const customer = user_id === undefined ? undefined : await findUser(api, from, user_id);
  return {
    // What happened to those that were merged into them is theirs, too.
    customers: customer && (await familyOf(api.base.db, customer.id)),
    who: by,
    act,
    since: since === undefined ? undefined : new Date(since),
    until: until === undefined ? undefined : new Date(until),
  };
}

async function* lines(
  { base }: Api,
  filter: AuditFilter,
  { caller }: Circumstances,
): AsyncGenerator<string, void, undefined> {
  for (let last: AuditEntry | undefined; ; ) {
    const found = await listAudit(base.db, filter, { limit: exportPage, after: last });
    const shown = await auditShow(base.db, found, caller.access);
    yield shown.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    last = found.at(-1);
    if (found.length < exportPage) return;
  }
}
