import { z } from 'zod';
import { actionTest, triggerId } from '../../../contract/actions.ts';
import { ruleTryInput } from '../../../contract/rules.ts';
import { languages } from '../../base/languages.ts';
import { cachedBrand } from '../../features/brands/brands.ts';
import { type Customer, readLastContext, type TimelineEntry, timelineOf } from '../../features/customers/customers.ts';
import { defaultSettings, type Portal, portal as portalOf } from '../../features/portals/portals.ts';
import * as login from '../login/login.ts';
import { type Caller, demandScope } from './caller.ts';
import { findUser } from './find-user.ts';
import { hideFromCustomer, hideFromDetails, hideFromRaw } from './hide.ts';
import { type Api, type Circumstances, noBody, nothing, type Route, route } from './route.ts';
import { sees, seesBrand } from './sight.ts';

const whose = z.strictObject({ user_id: z.string().min(1).max(600).optional() });

/**
 * What code is tried with: a customer's last sign-in as the builders of real ones tell it. It takes the scope of trying
 * and, of the customer, what reading each part of the profile takes; the rest is hidden or made up. To run code takes
 * more: to see everything. Providers' tokens are never told.
 */
export const tryInputRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/rules/try/input',
      summary: "Tell what a rule would be given at a user's (customer's) last sign-in; made up where none is named",
      may: ['create:rules', 'update:rules'],
      params: nothing,
      query: whose,
      body: noBody,
      status: 200,
      reply: ruleTryInput,
    },
    async (api, { query, ...from }) => login.inputOfRules(api.base, await recordedOf(api, from, query.user_id)),
  ),
  route(
    {
      method: 'GET',
      path: '/actions/triggers/{triggerId}/event',
      summary: "Tell what an action would be given for a user's (customer's) last sign-in; made up where none is named",
      may: ['create:actions'],
      params: z.strictObject({ triggerId }),
      query: whose,
      body: noBody,
      status: 200,
      reply: actionTest,
    },
    async (api, { params, query, ...from }) => {
      const recorded = await recordedOf(api, from, query.user_id);
      return { payload: await login.eventToTry(api.base, params.triggerId, recorded) };
    },
  ),
];

const signIns = ['signed_in', 'signed_in_silently', 'signed_in_by_password_grant', 'signed_in_by_code_grant'];

/** The last sign-in, as far as the caller may see it. */
async function recordedOf(
  api: Api,
  from: Pick<Circumstances, 'caller' | 'note'>,
  userId: string | undefined,
): Promise<login.Recorded> {
  const { base } = api;
  const { scopes, access } = from.caller;
  const known = scopes.has('read:connections');
  const usual = known ? 'Username-Password-Authentication' : 'a-connection';
  if (userId === undefined) return login.exampleRecorded(usual);
  demandScope(from.caller, 'read:users');
  const customer = await findUser(api, from, userId);
  const seesSignIns = scopes.has('read:logs') || scopes.has('read:logs_users');
  const [entry, last, kept] = await Promise.all([
    seesSignIns ? lastEntry(api, from.caller, customer.id) : undefined,
    seesSignIns ? readLastContext(base.db, customer.id, access.brands) : undefined,
    keptOf(api, from.caller, customer.id),
  ]);
  const connection = entry?.data.connection;
  return {
    customer: { ...customer, ...hideFromCustomer(customer, access) },
    kept,
    entry,
    portal: await portalSeen(api, from.caller, entry),
    brand: entry?.brand && scopes.has('read:brands') ? await cachedBrand(base, entry.brand) : undefined,
    language: languages.find((one) => one === last?.language),
    connection: known && typeof connection === 'string' ? connection : usual,
    tellsFactors: scopes.has('read:authentication_methods'),
  };
}

async function lastEntry(
  { base }: Api,
  { access }: Caller,
  customer: Customer['id'],
): Promise<TimelineEntry | undefined> {
  const which = { perPage: 1, names: signIns, brands: access.brands };
  const [entry] = (await timelineOf(base.db, customer, which)).entries;
  if (!entry) return undefined;
  return { ...entry, ip: sees(access, 'last_ip') ? entry.ip : null, data: hideFromDetails(entry.data, access) };
}

/** What is told of a portal beside its name takes the right to read portals. */
async function portalSeen(
  { base }: Api,
  { scopes, access }: Caller,
  entry: TimelineEntry | undefined,
): Promise<Portal | undefined> {
  const found = entry?.portal ? await portalOf(base, entry.portal) : undefined;
  if (!found || !seesBrand(access, found.brand)) return undefined;
  return scopes.has('read:clients') ? found : { ...found, settings: defaultSettings(found.app_type) };
}

async function keptOf({ base }: Api, { scopes, access }: Caller, customer: Customer['id']): Promise<login.Kept> {
  const kept = await login.readKept(base, customer);
  return {
    identities: kept.identities.map(({ identity }) => ({
      identity: { ...identity, profile_data: hideFromRaw(identity.profile_data, access) },
      sealedTokens: undefined,
    })),
    consents: scopes.has('read:consents')
      ? kept.consents.filter(({ brand }) => seesBrand(access, typeof brand === 'string' ? brand : null))
      : [],
  };
}
