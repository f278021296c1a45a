import { z } from 'zod';
import { dueFollowUp } from '../../../contract/notes.ts';
import * as customers from '../../features/customers/customers.ts';
import * as notes from '../../features/notes/notes.ts';
import type { Caller } from './caller.ts';
import { showFollowUp, writerOf } from './note-shapes.ts';
import { flag, openMark, sealMark } from './paging.ts';
import { type Api, noBody, nothing, type Route, route } from './route.ts';
import { showUser } from './user-shape.ts';

const mark = z.strictObject({ date: z.iso.date(), id: z.uuid() });

/** What staff mean to do, for whichever customer. */
export const followUpRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/follow-ups',
      summary: 'List the open follow-ups of all users (customers), the longest due first',
      may: ['read:user_follow_ups'],
      params: nothing,
      query: z.strictObject({
        /** Due on this day or before. */
        until: z.iso.date().optional(),
        /** Only those that the caller set. */
        mine: flag.optional(),
        from: z.string().max(1000).optional(),
        take: z.coerce.number().int().min(1).max(100).default(50),
      }),
      body: noBody,
      status: 200,
      reply: z.strictObject({ follow_ups: z.array(dueFollowUp), next: z.string().optional() }),
    },
    async (api, { query: { until, mine = false, from, take }, caller, note }) => {
      const { db, vault } = api.base;
      const { brands } = caller.access;
      // It tells of whom: names, or at least that they are customers.
      note.onMany();
      const list = JSON.stringify(['follow-ups', until, mine]);
      const filter = {
        until,
        by: mine ? writerOf(caller) : undefined,
        where: brands ? customers.isOfBrands(brands) : undefined,
      };
      const after = from === undefined ? undefined : openMark(vault, list, from, mark);
      const found = await notes.dueFollowUps(db, filter, { limit: take + 1, after });
      const page = found.slice(0, take);
      const last = found.length > take ? page.at(-1) : undefined;
      return {
        follow_ups: await showAll(api, page, caller),
        ...(last && { next: sealMark(vault, list, { date: last.date, id: last.id }) }),
      };
    },
  ),
];

async function showAll({ base }: Api, page: readonly notes.DueFollowUp[], { access, scopes }: Caller) {
  const found = await customers.findManyById(
    base.db,
    page.map(({ customer }) => customer),
  );
  return page.flatMap(({ customer: id, ...followUp }) => {
    const customer = found.get(id);
    return customer ? [{ ...showFollowUp(followUp), user: whose(customer, access, scopes) }] : [];
  });
}

/** By what they are called in lists, as far as it is seen; by their id alone for who may not read customers. */
function whose(customer: customers.Customer, access: Caller['access'], scopes: ReadonlySet<string>) {
  if (!scopes.has('read:users')) return { user_id: customer.user_id };
  const { user_id, name, email, phone_number, username } = showUser(customer, [], access);
  const told = Object.entries({ name, email, phone_number, username }).filter(([, value]) => typeof value === 'string');
  return { user_id, ...Object.fromEntries(told) };
}
