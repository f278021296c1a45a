import type { UserPatch } from '../../../contract/users.ts';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { connectionByName, isStore } from '../../features/connections/connections.ts';
import { type Customer, type Identity, identitiesOf } from '../../features/customers/customers.ts';

/** What Auth0 does not change in one call, in its words. */
const notTogether = [
  ['password', 'email'],
  ['password', 'email_verified'],
  ['username', 'email'],
  ['username', 'email_verified'],
  ['username', 'password'],
] as const;

/** @throws Problem `invalid_body` */
export function checkTogether(patch: UserPatch): void {
  for (const [one, other] of notTogether) {
    if (patch[one] !== undefined && patch[other] !== undefined) {
      throw new Problem('invalid_body', `Cannot update ${one} and ${other} simultaneously.`);
    }
  }
  if (Object.keys(patch).length === 0) {
    throw new Problem('invalid_body', "Payload validation error: 'Too few properties defined (0), minimum 1'.");
  }
}

/**
 * The identity whose address, username or password is meant: the first, or that of the connection which is named.
 *
 * @throws Problem `invalid_body` when it has none to change
 */
export async function targetOf(base: Base, customer: Customer, patch: UserPatch): Promise<Identity> {
  const identities = await identitiesOf(base.db, customer.id);
  const named = patch.connection;
  const target = named === undefined ? identities[0] : identities.find((one) => one.connection === named);
  if (!target) {
    throw new Problem('invalid_body', 'The connection does not exist.', { errorCode: 'inexistent_connection' });
  }
  const changed = (['email', 'username', 'password'] as const).find((name) => patch[name] !== undefined);
  if (changed === undefined) return target;
  const connection = await connectionByName(base, target.connection);
  if (!connection || !isStore(connection)) {
    throw new Problem('invalid_body', `Cannot update ${changed} for non-database user.`);
  }
  if (changed === 'username' && patch.username !== null && !connection.options.requires_username) {
    throw new Problem('invalid_body', 'Cannot set username for connection without requires_username.');
  }
  if (patch.email === null && customer.username === null) {
    throw new Problem('invalid_body', 'The email of a user without a username cannot be removed (property email).');
  }
  if (patch.username === null && customer.email === null) {
    throw new Problem('invalid_body', 'The username of a user without an email cannot be removed (property username).');
  }
  return target;
}
