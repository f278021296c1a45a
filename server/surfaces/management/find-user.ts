import type { User } from '../../../contract/users.ts';
import { Problem } from '../../base/errors.ts';
import { openTokens } from '../../features/connections/connections.ts';
import {
  type Customer,
  findByUserId,
  identitiesOf,
  ofBrands,
  sealedTokensOf,
} from '../../features/customers/customers.ts';
import type { Caller } from './caller.ts';
import type { Api, Circumstances } from './route.ts';
import { type Sight, seesAll } from './sight.ts';
import { showUser } from './user-shape.ts';

/**
 * The customer of a `user_id`, if it is one of the caller's brands. That this caller opened the profile is noted for the
 * audit log: no route comes by a customer in another way.
 *
 * @throws Problem `not_found` in Auth0's words, for one of other brands as for none
 */
export async function findUser(
  { base }: Api,
  { caller, note }: Pick<Circumstances, 'caller' | 'note'>,
  userId: string,
): Promise<Customer> {
  const customer = await findByUserId(base.db, userId);
  if (!customer || !(await seesCustomer({ base }, caller.access, customer.id))) throw noUser();
  note.on(customer);
  return customer;
}

/** Is this a customer of the brands that the caller is limited to? */
export async function seesCustomer({ base }: Pick<Api, 'base'>, { brands }: Sight, id: string): Promise<boolean> {
  return brands === null || (await ofBrands(base.db, [id], brands)).has(id);
}

export function noUser(): Problem {
  return new Problem('not_found', 'The user does not exist.', { errorCode: 'inexistent_user' });
}

/**
 * A customer as this caller may see it: with the providers' tokens only by the scope for them, and only for who sees
 * everything that these tokens open.
 */
export async function showOne({ base }: Api, { scopes, access }: Caller, customer: Customer): Promise<User> {
  const identities = await identitiesOf(base.db, customer.id);
  if (!scopes.has('read:user_idp_tokens') || !seesAll(access)) return showUser(customer, identities, access);
  const sealed = await sealedTokensOf(base.db, customer.id);
  return showUser(
    customer,
    identities,
    access,
    new Map([...sealed].map(([subject, tokens]) => [subject, openTokens(base.vault, tokens)])),
  );
}
