import { errors } from 'jose';
import type { z } from 'zod';
import type { linkRequest } from '../../../contract/users.ts';
import { Problem } from '../../base/errors.ts';
import { getConnection } from '../../features/connections/connections.ts';
import {
  type Customer,
  findByUserId,
  findIdentitiesByProvider,
  type Identity,
  identitiesOf,
} from '../../features/customers/customers.ts';
import { type Caller, clientOf } from './caller.ts';
import { seesCustomer } from './find-user.ts';
import type { Api } from './route.ts';
import { createVerify } from './verify-token.ts';

type Found = { identity: Identity; customer: Customer };

/** The identity that a link request means, and whose it is now. Problem `invalid_body` in Auth0's words. */
export async function identityToLink(
  api: Api,
  { link_with, provider = '', user_id = '', connection_id }: z.infer<typeof linkRequest>,
  caller: Caller,
): Promise<Found> {
  if (link_with !== undefined) return byToken(api, link_with, caller);
  const { db } = api.base;
  const connection = connection_id === undefined ? undefined : await getConnection(db, connection_id);
  if (connection_id !== undefined && !connection) {
    throw new Problem('invalid_body', 'The provider/connection is not configured.');
  }
  const found = (await findIdentitiesByProvider(db, provider, String(user_id))).filter(
    ({ identity }) => !connection || identity.connection === connection.name,
  );
  const [one, another] = found;
  if (!one || !(await seesCustomer(api, caller.access, one.customer.id)))
    throw new Problem('invalid_body', 'Linking to an inexistent identity is not allowed.');
  if (another) {
    const message = 'Several connections of this provider have this user_id: tell the connection_id.';
    throw new Problem('invalid_body', message);
  }
  const [first] = await identitiesOf(db, one.customer.id);
  return { ...one, identity: { ...one.identity, is_primary: first?.subject === one.identity.subject } };
}

/** By an ID token that this server gave the caller for the other account. */
async function byToken({ base, publicKeys }: Api, token: string, caller: Caller): Promise<Found> {
  const verify = createVerify(base.config.issuer, publicKeys);
  const client = clientOf(caller);
  if (client === undefined) throw new Problem('invalid_body', 'Only a machine is given tokens to link with.');
  const claims = await verify(token, client, ['exp', 'sub']).catch((error: unknown) => {
    if (!(error instanceof errors.JOSEError)) throw error;
    const isForOther = error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud';
    const message = isForOther ? 'JWT (link_with) contains an invalid aud claim.' : 'Invalid token (link_with).';
    throw new Problem('invalid_body', message);
  });
  const customer = claims.sub === undefined ? undefined : await findByUserId(base.db, claims.sub);
  const [identity] = customer ? await identitiesOf(base.db, customer.id) : [];
  if (!customer || !identity || !(await seesCustomer({ base }, caller.access, customer.id)))
    throw new Problem('invalid_body', 'Provided secondary account not found.');
  return { identity, customer };
}
