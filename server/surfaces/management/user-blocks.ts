import { z } from 'zod';
import { userBlocks } from '../../../contract/users.ts';
import { Problem } from '../../base/errors.ts';
import { blocksOf, unblock } from '../../features/accounts/accounts.ts';
import { findUser } from './find-user.ts';
import { hideFromCustomer } from './hide.ts';
import { idParams } from './id-params.ts';
import { flag } from './paging.ts';
import { noBody, nothing, type Route, route } from './route.ts';
import { refuseHidden, type Sight, sees } from './sight.ts';

const identifier = z.string().min(1).max(1000);
/** Sign-ins are always protected, so it changes nothing. */
const consider_brute_force_enablement = flag.optional();

/** Who is kept out after too many failures, from where; and letting them in again. */
export const userBlockRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/user-blocks',
      summary: 'List the blocks of an e-mail address or username',
      may: ['read:users'],
      params: nothing,
      query: z.strictObject({ identifier, consider_brute_force_enablement }),
      body: noBody,
      status: 200,
      reply: userBlocks,
    },
    async ({ base }, { query, caller, note }) => {
      refuseByIdentifier(caller.access);
      note.onMany();
      const blocks = await blocksOf(base, { identifier: query.identifier });
      return { blocked_for: show(blocks, query.identifier, caller.access) };
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/user-blocks',
      summary: 'Lift the blocks of an e-mail address or username',
      may: ['update:users', 'delete:user_blocks'],
      audit: 'customer',
      together: true,
      params: nothing,
      query: z.strictObject({ identifier }),
      body: noBody,
      status: 204,
    },
    async ({ base }, { query, caller, note }) => {
      refuseByIdentifier(caller.access);
      // More than one may sign in with it, at different connections: a row for each.
      for (const id of await unblock(base, { identifier: query.identifier })) {
        note.on({ id });
        await note.write(base.db);
      }
    },
  ),
  route(
    {
      method: 'GET',
      path: '/user-blocks/{id}',
      summary: 'List the blocks of a user',
      may: ['read:users'],
      params: idParams,
      query: z.strictObject({ consider_brute_force_enablement }),
      body: noBody,
      status: 200,
      reply: userBlocks,
    },
    async (api, { params, ...from }) => {
      const customer = await findUser(api, from, params.id);
      const seen = hideFromCustomer(customer, from.caller.access);
      const shown = seen.email ?? seen.username ?? customer.user_id;
      const blocks = await blocksOf(api.base, { customer: customer.id });
      return { blocked_for: show(blocks, shown, from.caller.access) };
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/user-blocks/{id}',
      summary: 'Lift the blocks of a user',
      may: ['update:users', 'delete:user_blocks'],
      audit: 'customer',
      together: true,
      params: idParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async (api, { params, ...from }) => {
      await unblock(api.base, { customer: (await findUser(api, from, params.id)).id });
    },
  ),
];

/** From where they are kept out, if the caller sees from where they come. */
function show(blocks: readonly { ip: string }[], identifier: string, sight: Sight) {
  const seesPlace = sees(sight, 'last_ip');
  return blocks.map(({ ip }) => ({ identifier, ip: seesPlace ? ip : '' }));
}

/** Whether there is a block tells of the address or name, and of customers of every brand. */
function refuseByIdentifier(sight: Sight): void {
  refuseHidden(sight, ['email', 'username', 'phone_number']);
  if (sight.brands === null) return;
  throw new Problem('access_denied', 'You are limited to some brands: name the user by user_id.', {
    errorCode: 'insufficient_brands',
  });
}
