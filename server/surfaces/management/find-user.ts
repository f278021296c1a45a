import type { User } from '../../../contract/users.ts';
import { Problem } from '../../base/errors.ts';
import { openTokens } from '../../features/connections/connections.ts';
import { type Customer, findByUserId, identitiesOf, sealedTokensOf } from '../../features/customers/customers.ts';
import type { Caller } from './caller.ts';
import type { Api } from './route.ts';
import { showUser } from './user-shape.ts';

/** The customer of a `user_id`. Problem `not_found` in Auth0's words. */
export async function findUser({ base }: Api, userId: string): Promise<Customer> {
  const customer = await findByUserId(base.db, userId);
  if (customer) return customer;
  throw new Problem('not_found', 'The user does not exist.', { errorCode: 'inexistent_user' });
}

/** A customer as this caller may see it: with the providers' tokens only by the scope for them. */
export async function showOne({ base }: Api, caller: Caller, customer: Customer): Promise<User> {
  const identities = await identitiesOf(base.db, customer.id);
  if (!caller.scopes.has('read:user_idp_tokens')) return showUser(customer, identities);
  const sealed = await sealedTokensOf(base.db, customer.id);
  return showUser(
    customer,
    identities,
    new Map([...sealed].map(([subject, tokens]) => [subject, openTokens(base.vault, tokens)])),
  );
}
