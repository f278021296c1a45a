import { addressChange, addressChangeDraft } from '../../../contract/address-changes.ts';
import { Problem } from '../../base/errors.ts';
import { accountWithEmail, mailEmailChangeLink } from '../../features/accounts/accounts.ts';
import { findBySubject, type Identity, identitiesOf } from '../../features/customers/customers.ts';
import { askedBy } from './asked-by.ts';
import { actOf } from './caller.ts';
import { findUser, seesCustomer } from './find-user.ts';
import { idParams } from './id-params.ts';
import { type Api, nothing, type Route, route } from './route.ts';
import { refuseHidden, type Sight } from './sight.ts';
import { checkClient } from './ticket-subject.ts';
import { noAddress } from './tickets.ts';

/** Support fixes an address: it is the customer who changes it, by a link that is mailed to the new one. */
export const userAddressChangeRoutes: readonly Route[] = [
  route(
    {
      method: 'POST',
      path: '/users/{id}/address-changes',
      summary: 'Mail a link to a new address of a user (customer), which changes it once it is used',
      may: ['create:user_address_changes'],
      audit: 'customer',
      together: true,
      params: idParams,
      query: nothing,
      body: addressChangeDraft,
      status: 201,
      reply: addressChange,
    },
    async (api, { params, body, ...from }) => {
      const { caller, note } = from;
      // Whether it is taken, and what it was, is told.
      refuseHidden(caller.access, ['email']);
      const customer = await findUser(api, from, params.id);
      await checkClient(api, caller.access, body.client_id);
      const account = (await identitiesOf(api.base.db, customer.id)).find(({ provider }) => provider === 'auth0');
      if (!account) throw new Problem('invalid_body', 'This user signs in with no address of its own.');
      await refuseTaken(api, caller.access, account, body.email);
      const asked = await askedBy(api.base, from, { customer, portal: body.client_id });
      const change = { subject: account.subject, email: body.email, asked, by: actOf(caller) };
      const { address, expiresAt } = await mailEmailChangeLink(api.base, api.base.db, change).catch(noAddress);
      note.changes({ email: { before: customer.email ?? undefined, after: address } });
      return { email: address, expires_at: expiresAt.toISOString() };
    },
  ),
];

/** Of one whom the caller does not see nothing is told but to the new mailbox. Throws Problem `identifier_taken`. */
async function refuseTaken(api: Api, sight: Sight, account: Identity, email: string): Promise<void> {
  const { db } = api.base;
  const other = await accountWithEmail(db, account.connection, email);
  const customer = other && other !== account.subject ? await findBySubject(db, other) : undefined;
  if (!customer || !(await seesCustomer(api, sight, customer.id))) return;
  throw new Problem('identifier_taken', 'Another account of this connection has this address.', {
    errorCode: 'identifier_taken',
  });
}
