import { z } from 'zod';
import { user } from '../../../contract/users.ts';
import { Problem } from '../../base/errors.ts';
import * as customers from '../../features/customers/customers.ts';
import { pickFields } from './fields.ts';
import { type MayRead, mayRead } from './may-read.ts';
import { openMark, paged, pageOf, sealMark } from './paging.ts';
import type { Api, Circumstances } from './route.ts';
import type { Sight } from './sight.ts';
import { toWhere } from './user-conditions.ts';
import { showUser } from './user-shape.ts';
import type { MarkAsked, PageAsked } from './users-query.ts';

/** A list that goes on behind `next`. */
export const markedList = z.strictObject({
  users: z.array(user),
  total: z.int(),
  total_is_estimate: z.boolean(),
  next: z.string().optional(),
});

/** A page by its number, as Auth0 answers it. */
export async function pageOfUsers(api: Api, query: PageAsked, { caller, note }: Circumstances): Promise<unknown> {
  const { db } = api.base;
  if (query.sort) refuseOrder(mayRead(caller), query.sort.by);
  note.onMany();
  const filter = { connection: query.connection, brands: caller.access.brands };
  const found = await customers.browseCustomers(db, filter, { ...pageOf(query), sort: query.sort });
  const shown = await showAll(api, found, query, caller.access);
  const list = await paged('users', shown, query, () => customers.countBrowsed(db, filter));
  return query.include_totals ? { ...z.looseObject({}).parse(list), length: shown.length } : list;
}

/** What a search finds, or a list in an order; either may be filtered. */
export async function markedUsers(api: Api, query: MarkAsked, { caller, note }: Circumstances): Promise<unknown> {
  const { vault } = api.base;
  const { search, filter, from, take, sort } = query;
  const may = mayRead(caller);
  const { brands } = caller.access;
  const asked = filter && (await toWhere(api.base, filter, may, brands));
  const where = brands ? customers.isOfBrands(brands, asked) : asked;
  note.onMany();
  const list = JSON.stringify(['users', search, filter, sort]);
  const source = search === undefined ? listed(api, query, where, may) : searched(api, search, where, may);
  const { found, next } = await source.read(from === undefined ? undefined : open, take);
  const isWhole = from === undefined && next === undefined;
  return {
    users: await showAll(api, found, query, caller.access),
    // How many all brands have is not for who sees some of them.
    total: isWhole || (brands && search !== undefined) ? found.length : Math.max(await source.estimate(), found.length),
    total_is_estimate: !isWhole,
    ...(next && { next: sealMark(vault, list, next) }),
  };

  function open<T>(shape: z.ZodType<T>): T {
    return openMark(vault, list, from ?? '', shape);
  }
}

type Opened = <T>(shape: z.ZodType<T>) => T;
type Source = {
  read(open: Opened | undefined, limit: number): Promise<{ found: customers.Customer[]; next?: Mark | undefined }>;
  estimate(): Promise<number>;
};
type Mark = { [name: string]: string | null };

const foundMark = z.strictObject({ kind: z.enum(customers.searchKinds), word: z.string(), customer: z.uuid() });
const listMark = z.strictObject({ value: z.string().nullable(), id: z.uuid() });

function searched({ base }: Api, text: string, where: customers.Where | undefined, may: MayRead): Source {
  const mayByName = ['name', 'given_name', 'family_name'].every(may);
  const kinds = customers.searchKinds.filter((kind) => (kind === 'name' ? mayByName : may(kind)));
  const search = { text, kinds, byIdentity: may('user_id'), where };
  return {
    async read(open, limit) {
      const after = open?.(foundMark);
      const { customers: found, next } = await customers.searchCustomers(base.db, search, { after, limit });
      return { found, next };
    },
    estimate: () => customers.estimateSearch(base.db, search),
  };
}

function listed({ base }: Api, { sort }: MarkAsked, where: customers.Where | undefined, may: MayRead): Source {
  refuseOrder(may, sort.by);
  const list = { ...sort, where };
  return {
    async read(open, limit) {
      const after = open?.(listMark);
      const { customers: found, next } = await customers.listCustomers(base.db, list, { after, limit });
      return { found, next };
    },
    estimate: () => customers.estimateList(base.db, list),
  };
}

/** The order tells the values. Problem `access_denied` */
function refuseOrder(may: MayRead, by: string): void {
  if (!may(by)) throw new Problem('access_denied', `You may not sort by ${by}.`);
}

async function showAll(
  { base }: Api,
  found: readonly customers.Customer[],
  query: PageAsked | MarkAsked,
  sight: Sight,
) {
  const ids = found.map(({ id }) => id);
  const identities = await customers.identitiesOfMany(base.db, ids);
  return found.map((one) => pickFields(showUser(one, identities.get(one.id) ?? [], sight), query));
}
