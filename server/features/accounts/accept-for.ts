import { Problem } from '../../base/errors.ts';
import { findBySubject, identitiesOf } from '../customers/customers.ts';
import { type AcceptedPassword, acceptPassword, type PasswordGround, personalTo } from './password.ts';
import { readIdentifiers } from './store.ts';

/**
 * Does its connection let this become the password of an account that is there? Then it is hashed.
 *
 * @param wanted `subject`: the account; `address`, where it gets a new one in the same act; `brand`: the name of the
 *   brand where it is chosen, for nobody should use that
 * @throws Problem not_found, password_weak (extra: reason), busy
 */
export async function acceptFor(
  base: PasswordGround,
  wanted: { subject: string; password: string; address?: string | undefined; brand?: string | undefined },
): Promise<AcceptedPassword> {
  const { subject, password, brand } = wanted;
  const customer = await findBySubject(base.db, subject);
  const identities = customer ? await identitiesOf(base.db, customer.id) : [];
  const identity = identities.find((one) => one.subject === subject);
  if (!customer || !identity) throw new Problem('not_found', 'The user does not exist.');
  const known = (await readIdentifiers(base.db, [subject])).find(({ kind }) => kind === 'email')?.value;
  return acceptPassword(base, {
    password,
    connection: identity.connection,
    address: wanted.address ?? known,
    personal: [...personalTo(customer), brand],
    subject,
  });
}
