import type { TicketIdentity } from '../../../contract/tickets.ts';
import { Problem } from '../../base/errors.ts';
import { cachedConnection } from '../../features/connections/connections.ts';
import { identitiesOf } from '../../features/customers/customers.ts';
import { portal } from '../../features/portals/portals.ts';
import { findUser } from './find-user.ts';
import type { Api, Circumstances } from './route.ts';
import { type Sight, seesBrand } from './sight.ts';

/**
 * The account that a link is for: the named identity of a user, or the user's first one of a password connection.
 *
 * @throws Problem `not_found`, `invalid_body` in Auth0's words
 */
export async function subjectOf(
  api: Api,
  from: Circumstances,
  { user_id, identity }: { user_id: string; identity?: TicketIdentity | undefined },
): Promise<string> {
  const customer = await findUser(api, from, user_id);
  const accounts = (await identitiesOf(api.base.db, customer.id)).filter((one) => one.provider === 'auth0');
  if (!identity) {
    const [first] = accounts;
    if (first) return first.subject;
    throw new Problem('invalid_body', "The user's main connection does not support this operation (property user_id).");
  }
  const { connection_id } = identity;
  const connection = connection_id === undefined ? undefined : await cachedConnection(api.base, connection_id);
  if (connection_id !== undefined && !connection) {
    throw new Problem('invalid_body', 'Identity connection does not exist (property identity).');
  }
  const found = accounts.find(
    (one) => one.user_id === identity.user_id && (!connection || one.connection === connection.name),
  );
  if (found) return found.subject;
  throw new Problem('invalid_body', 'The user exists, but does not contain the given identity (property identity).');
}

/** The portal is there, and of a brand that the caller may see. Throws Problem `invalid_body` in Auth0's words. */
export async function checkClient({ base }: Api, sight: Sight, clientId: string | undefined): Promise<void> {
  if (clientId === undefined) return;
  const found = await portal(base, clientId);
  if (found && seesBrand(sight, found.brand)) return;
  throw new Problem('invalid_body', 'The client does not exist (property client_id).');
}
