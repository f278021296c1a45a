import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import type { Customer } from '../../features/customers/customers.ts';
import { type MfaSignIn, readMfaSignIn } from '../login/login.ts';
import { type MfaScope, readMfaAccess } from '../oidc/oidc.ts';
import { type Asking, portalAsking } from './asking.ts';

/** A sign-in that waits for its second factor, and the portal that holds its token. */
export type MfaAsking = Asking & { readonly signIn: MfaSignIn };

/**
 * The sign-in of an `mfa_token`; `clientId` must be whose it is, where the request says one.
 *
 * @throws Problem unauthenticated (extra: error) when the token is used, too old, unknown or another portal's
 */
export async function mfaAsking(
  base: Base,
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
  clientId?: string,
): Promise<MfaAsking> {
  const signIn = await readMfaSignIn(base, token);
  if (!signIn || (clientId !== undefined && signIn.portal !== clientId)) throw expired();
  return { ...(await portalAsking(base, request, reply, signIn.portal)), signIn };
}

/** The token of the Authorization header. Throws Problem unauthenticated. */
export function bearerOf({ headers }: FastifyRequest): string {
  const [, token] = /^Bearer ([^\s]{1,10000})$/i.exec(headers.authorization ?? '') ?? [];
  if (token === undefined) throw new Problem('unauthenticated', 'Unauthorized');
  return token;
}

/**
 * The customer of an access token for the MFA API.
 *
 * @throws Problem unauthenticated; access_denied for an `mfa_token`: the password alone shall remove nothing
 */
export async function accessAsking(
  base: Base,
  request: FastifyRequest,
  reply: FastifyReply,
  may: MfaScope,
): Promise<Asking & { readonly customer: Customer }> {
  const token = bearerOf(request);
  const access = await readMfaAccess(base, token, may);
  if (access) return { ...(await portalAsking(base, request, reply, access.clientId)), customer: access.customer };
  const signIn = await readMfaSignIn(base, token);
  if (!signIn) throw new Problem('unauthenticated', 'Unauthorized');
  await portalAsking(base, request, reply, signIn.portal);
  throw new Problem('access_denied', `An access token for the MFA API with the scope ${may} is required.`);
}

function expired(): Problem {
  return new Problem('unauthenticated', 'mfa_token is expired', { error: 'expired_token' });
}
