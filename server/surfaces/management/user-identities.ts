import { z } from 'zod';
import { identity, linkRequest } from '../../../contract/users.ts';
import { now } from '../../base/clock.ts';
import { transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { keepFactors } from '../../features/accounts/accounts.ts';
import { settleMerge } from '../../features/consents/consents.ts';
import { identitiesOf, merge, unlink } from '../../features/customers/customers.ts';
import { actOf } from './caller.ts';
import { findUser } from './find-user.ts';
import { idParams } from './id-params.ts';
import { identityToLink } from './identity-to-link.ts';
import { noBody, nothing, type Route, route } from './route.ts';
import { refuseUnlessWritesAll } from './sight.ts';
import { showIdentities } from './user-shape.ts';

const identityParams = z.strictObject({
  ...idParams.shape,
  provider: z.string().min(1).max(128),
  user_id: z.string().min(1).max(600),
});

/** Joining two customers, and parting an identity from one. */
export const userIdentityRoutes: readonly Route[] = [
  route(
    {
      method: 'POST',
      path: '/users/{id}/identities',
      summary: 'Link an identity: the two users (customers) become one',
      may: ['update:users'],
      audit: 'customer',
      together: true,
      params: idParams,
      query: nothing,
      body: linkRequest,
      status: 201,
      reply: z.array(identity),
    },
    async (api, { params, body, ...from }) => {
      const { caller } = from;
      const { base, endSessions } = api;
      refuseUnlessWritesAll(caller.access);
      const winner = await findUser(api, from, params.id);
      const linked = await identityToLink(api, body, caller);
      if (linked.customer.id === winner.id) {
        throw linked.identity.is_primary
          ? new Problem('invalid_body', 'Main identity and the new one are the same.')
          : new Problem('already_exists', 'Specified identity already exists.');
      }
      const act = { ...actOf(caller), at: now() };
      const sides = { winner: winner.id, loser: linked.customer.id };
      const joined = await merge(base.db, { ...act, ...sides, endSessions, settleConsents: settleMerge });
      return showIdentities(await identitiesOf(base.db, joined.id), caller.access);
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/users/{id}/identities/{provider}/{user_id}',
      summary: 'Unlink an identity: it becomes a user (customer) of its own',
      may: ['update:users'],
      audit: 'customer',
      together: true,
      params: identityParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: z.array(identity),
    },
    async (api, { params, ...from }) => {
      const { caller } = from;
      const { base, endSessions } = api;
      refuseUnlessWritesAll(caller.access);
      const customer = await findUser(api, from, params.id);
      const identities = await identitiesOf(base.db, customer.id);
      const meant = identities.filter((one) => one.provider === params.provider && one.user_id === params.user_id);
      const found = meant.find((one) => !one.is_primary);
      if (!found) {
        throw meant.length > 0
          ? new Problem('invalid_body', 'Main identity cannot be removed.')
          : new Problem('not_found', 'The user does not have this identity.', { errorCode: 'inexistent_identity' });
      }
      const act = { ...actOf(caller), at: now(), endSessions };
      const { remaining } = await transact(base.db, async (tx) => {
        await keepFactors(tx, customer.id, found.subject);
        return unlink(tx, customer.id, found.subject, act);
      });
      return showIdentities(await identitiesOf(base.db, remaining.id), caller.access);
    },
  ),
];
