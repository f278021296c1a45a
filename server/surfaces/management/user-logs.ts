import { z } from 'zod';
import { logEntry } from '../../../contract/users.ts';
import { countTimeline, timelineOf } from '../../features/customers/customers.ts';
import { findUser } from './find-user.ts';
import { idParams } from './id-params.ts';
import { logClasses, showLog } from './log-shape.ts';
import { listOf, paged, pageOf, pageQuery } from './paging.ts';
import { noBody, type Route, route } from './route.ts';

/** A user's sign-in history. */
export const userLogRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/users/{id}/logs',
      summary: "List a user's sign-ins and what concerns the account, the newest first",
      may: ['read:logs', 'read:logs_users'],
      params: idParams,
      query: z.strictObject({ ...pageQuery, sort: z.literal('date:-1').optional() }),
      body: noBody,
      status: 200,
      reply: listOf('logs', logEntry, 'pages only'),
    },
    async (api, { params, query, ...from }) => {
      const { base } = api;
      const customer = await findUser(api, from, params.id);
      const { access } = from.caller;
      const { limit } = pageOf(query);
      const rows = { classes: logClasses, brands: access.brands };
      const page = { perPage: limit, page: query.page, ...rows };
      const { entries } = limit === 0 ? { entries: [] } : await timelineOf(base.db, customer.id, page);
      const logs = await Promise.all(entries.map((entry) => showLog(base, customer, entry, access)));
      const list = await paged('logs', logs, query, () => countTimeline(base.db, customer.id, rows));
      return query.include_totals ? { ...z.looseObject({}).parse(list), length: logs.length } : list;
    },
  ),
];
