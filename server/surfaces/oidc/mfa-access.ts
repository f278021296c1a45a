import type { ResourceServer } from 'oidc-provider';
import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import type { Customer } from '../../features/customers/customers.ts';
import { findByUserId } from '../../features/customers/customers.ts';
import { mayHaveTokens } from './accounts.ts';
import { verifyAccess } from './bearer.ts';
import { readCustomerAtPortal } from './userinfo-records.ts';

// Auth0's MFA API is an audience: a portal that wants to see or remove second factors asks for it with the password,
// and gets it when a second factor was passed. Pages and machines get none.

const scopes = ['read:authenticators', 'remove:authenticators'] as const;
export type MfaScope = (typeof scopes)[number];

// Changing a way in needs a proof that is no older.
const lifetimeSeconds = 600;

/** The audience of the MFA API. */
export function mfaAudience({ config }: Pick<Base, 'config'>): string {
  return `${config.issuer}mfa/`;
}

/** What the engine may put into a token for it. */
export function describeMfaApi(base: Pick<Base, 'config'>): ResourceServer {
  return {
    scope: scopes.join(' '),
    audience: mfaAudience(base),
    accessTokenTTL: lifetimeSeconds,
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg: 'RS256' } },
  };
}

// Only tokens of our own grants say how they were got.
const claims = z.object({
  sub: z.string(),
  azp: z.string(),
  scope: z.string().default(''),
  gty: z.literal('password'),
});

/** Whose access token for the MFA API this is, and the portal's client id; undefined when it may not do this. */
export async function readMfaAccess(
  base: Base,
  token: string,
  may: MfaScope,
): Promise<{ customer: Customer; clientId: string } | undefined> {
  const told = claims.safeParse(await verifyAccess(base, token, mfaAudience(base)));
  if (!told.success || !told.data.scope.split(' ').includes(may)) return undefined;
  const { sub, azp: clientId } = told.data;
  const atPortal = await readCustomerAtPortal(base, sub, clientId);
  const customer = mayHaveTokens(atPortal, sub) ? await findByUserId(base.db, sub) : undefined;
  return customer && { customer, clientId };
}
