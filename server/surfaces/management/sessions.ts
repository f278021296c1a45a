import { z } from 'zod';
import { session } from '../../../contract/sessions.ts';
import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { appendTimeline, identitiesOf, lockCustomers } from '../../features/customers/customers.ts';
import { endSession, type KnownSession, sessionByUid, sessionEnds, sessionsOf } from '../oidc/oidc.ts';
import { actOf, type Caller, clientOf } from './caller.ts';
import { seenClients } from './find-client.ts';
import { findUser, seesCustomer } from './find-user.ts';
import { idParams } from './id-params.ts';
import { checkpointQuery, flag } from './paging.ts';
import { type Api, type Circumstances, noBody, nothing, type Route, route } from './route.ts';
import { type Sight, sees } from './sight.ts';

/** Where users are signed in, and signing them out there. */
export const sessionRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/users/{id}/sessions',
      summary: 'List where a user (customer) is signed in, the latest used first; at most 100',
      may: ['read:sessions'],
      params: idParams,
      // There is one page.
      query: z.strictObject({ ...checkpointQuery, from: z.never().optional(), include_totals: flag.optional() }),
      body: noBody,
      status: 200,
      reply: z.strictObject({ sessions: z.array(session) }),
    },
    async (api, { params, query, ...from }) => {
      const customer = await findUser(api, from, params.id);
      const all = await sessionsOf(api.base.db, customer.id);
      const shown = all.slice(0, query.take).map((one) => showSession(api, one, from.caller.access));
      return { sessions: await Promise.all(shown) };
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/users/{id}/sessions',
      summary: 'Sign a user (customer) out everywhere',
      may: ['delete:sessions'],
      audit: 'customer',
      together: true,
      params: idParams,
      query: nothing,
      body: noBody,
      status: 202,
    },
    async (api, { params, ...from }) => {
      const { caller, ip } = from;
      const { id } = await findUser(api, from, params.id);
      await transact(api.base.db, async (tx) => {
        const [living = id] = await lockCustomers(tx, [id]);
        await api.endSessions(tx, living);
        await tellEnded(tx, living, caller, ip);
      });
    },
  ),
  route(
    {
      method: 'GET',
      path: '/sessions/{id}',
      summary: 'Read a session',
      may: ['read:sessions'],
      params: idParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: session,
    },
    async (api, { params, ...from }) => {
      const found = await findSession(api, from, params.id);
      if (found) return showSession(api, found, from.caller.access);
      throw new Problem('not_found', 'The session does not exist.', { errorCode: 'inexistent_session' });
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/sessions/{id}',
      summary: 'End a session: the user (customer) is signed out there',
      may: ['delete:sessions'],
      audit: 'customer',
      together: true,
      params: idParams,
      query: nothing,
      body: noBody,
      status: 202,
    },
    async (api, { params, ...from }) => {
      const { base } = api;
      const { caller, ip } = from;
      // Ending twice is no error, as at Auth0.
      const found = await findSession(api, from, params.id);
      if (!found) return;
      await transact(base.db, async (tx) => {
        const [living = found.customerId] = await lockCustomers(tx, [found.customerId]);
        await endSession(tx, { uid: found.uid });
        await tellEnded(tx, living, caller, ip);
      });
    },
  ),
];

/** A session of a customer of the caller's brands. */
async function findSession(api: Api, { caller, note }: Circumstances, id: string): Promise<KnownSession | undefined> {
  const found = await sessionByUid(api.base.db, id);
  if (!found || !(await seesCustomer(api, caller.access, found.customerId))) return undefined;
  note.on({ id: found.customerId });
  return found;
}

async function tellEnded(tx: Db, customerId: string, caller: Caller, ip: string): Promise<void> {
  const [identity] = await identitiesOf(tx, customerId);
  if (!identity) return;
  await appendTimeline(tx, [
    {
      class: 'security',
      name: 'session_ended',
      subject: identity.subject,
      source: 'api',
      portal: clientOf(caller),
      ip,
      occurredAt: now(),
      data: actOf(caller),
    },
  ]);
}

async function showSession(api: Api, one: KnownSession, sight: Sight): Promise<z.infer<typeof session>> {
  const ip = sees(sight, 'last_ip') ? one.ip : null;
  const { uid, userId, createdAt, seenAt, signedInAt, userAgent, portals, amr, expiresAt } = one;
  const clients = await seenClients(api, sight, Object.keys(portals));
  return {
    id: uid,
    user_id: userId,
    created_at: createdAt.toISOString(),
    updated_at: seenAt.toISOString(),
    authenticated_at: signedInAt.toISOString(),
    idle_expires_at: expiresAt.toISOString(),
    expires_at: sessionEnds(signedInAt).toISOString(),
    last_interacted_at: seenAt.toISOString(),
    device: { last_user_agent: userAgent, last_ip: ip },
    clients: clients.map((client_id) => ({ client_id })),
    authentication: { methods: amr.map((name) => ({ name, timestamp: signedInAt.toISOString() })) },
  };
}
