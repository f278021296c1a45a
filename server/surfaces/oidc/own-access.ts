import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { type Customer, findByUserId } from '../../features/customers/customers.ts';
import { mayHaveTokens } from './accounts.ts';
import { verifyAccess } from './bearer.ts';
import { readCustomerAtPortal } from './userinfo-records.ts';

// A customer's own part of the Management API: tokens for it that portals get at the sign-in open nothing else of it.

/** What a customer's access token can open of the Management API, in Auth0's names. */
export const ownScopes = ['read:current_user', 'update:current_user_metadata'] as const;
export type OwnScope = (typeof ownScopes)[number];

/** The Management API as an audience. */
export function ownAudience({ config }: Pick<Base, 'config'>): string {
  return `${config.issuer}api/v2/`;
}

// A token that is bound to a key (DPoP) is no bearer token.
const claims = z.object({
  sub: z.string(),
  azp: z.string(),
  scope: z.string().default(''),
  cnf: z.undefined().optional(),
});

/**
 * Whose access token this is, the client id of the portal that holds it and what it opens; undefined when it is none,
 * no longer good, or the customer is blocked or about to be erased.
 */
export async function readOwnAccess(
  base: Base,
  token: string,
): Promise<{ customer: Customer; clientId: string; scopes: ReadonlySet<string> } | undefined> {
  const told = claims.safeParse(await verifyAccess(base, token, ownAudience(base)));
  if (!told.success) return undefined;
  const { sub, azp: clientId, scope } = told.data;
  const atPortal = await readCustomerAtPortal(base, sub, clientId);
  const customer = mayHaveTokens(atPortal, sub) ? await findByUserId(base.db, sub) : undefined;
  return customer && { customer, clientId, scopes: new Set(scope.split(' ')) };
}
