import { createLocalJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { tokenHash } from '../../base/crypto.ts';
import { grantOf } from './access-tokens.ts';
import { type SigningKey, signingKeys } from './signing-keys.ts';
import { type About, readAccessToken, readGrantedAtPortal } from './userinfo-records.ts';

/** What a customer's access token says that is good for `/userinfo`. */
export type Bearer = {
  readonly userId: string;
  readonly clientId: string;
  readonly scopes: ReadonlySet<string>;
  /** Unix seconds. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Thumbprint of the key that must sign a proof of possession (DPoP); none: a plain bearer token. */
  readonly jkt?: string | undefined;
};

const jwtClaims = z.object({
  sub: z.string(),
  jti: z.string().optional(),
  azp: z.string(),
  scope: z.string().default(''),
  iat: z.number(),
  exp: z.number(),
  cnf: z.object({ jkt: z.string() }).optional(),
});

const keySets = new WeakMap<readonly SigningKey[], ReturnType<typeof createLocalJWKSet>>();

/** Is this a JWT, whose truth is in its signature, or an opaque token that is looked up? */
export function isJwt(token: string): boolean {
  return token.split('.', 4).length === 3;
}

/** What a token says, whom it is about, and what code added to the claims of its grant. */
export type Found = About & { readonly bearer: Bearer };

/**
 * What an access token of ours says, and the customer it is about, if it is good now and meant for `/userinfo`: its
 * portal is open, and what it was granted under is still there.
 */
export async function readBearer(base: Base, token: string): Promise<Found | undefined> {
  return isJwt(token) ? readJwt(base, token) : readOpaque(base, token);
}

async function readJwt(base: Base, token: string): Promise<Found | undefined> {
  const payload = await verifyAccess(base, token, `${base.config.issuer}userinfo`);
  const claims = jwtClaims.safeParse(payload);
  if (!claims.success) return undefined;
  const { sub, azp, scope, iat, exp, cnf, jti } = claims.data;
  const about = await readGrantedAtPortal(base, { userId: sub, clientId: azp, grant: grantOf(jti), at: now() });
  const bearer = { userId: sub, clientId: azp, scopes: toSet(scope), issuedAt: iat, expiresAt: exp, jkt: cnf?.jkt };
  return about && { ...about, bearer };
}

/** The claims of a JWT that we signed for this audience; undefined when it is none, or no longer good. */
export async function verifyAccess(base: Base, token: string, audience: string): Promise<JWTPayload | undefined> {
  const keys = await signingKeys(base);
  const { issuer } = base.config;
  let keySet = keySets.get(keys);
  if (!keySet) {
    keySet = createLocalJWKSet({ keys: keys.map((key) => key.publicJwk) });
    keySets.set(keys, keySet);
  }
  try {
    const options = { issuer, audience, algorithms: ['RS256'], currentDate: now() };
    return (await jwtVerify(token, keySet, options)).payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

async function readOpaque(base: Base, token: string): Promise<Found | undefined> {
  const stored = await readAccessToken(base, tokenHash(token), now());
  if (!stored) return undefined;
  const { accountId, clientId, scope = '', iat, jkt } = stored.payload;
  if (accountId === undefined || clientId === undefined || iat === undefined) return undefined;
  const expiresAt = Math.floor(stored.expiresAt.getTime() / 1000);
  const bearer = { userId: accountId, clientId, scopes: toSet(scope), issuedAt: iat, expiresAt, jkt };
  return { bearer, customer: stored.customer, ownClaims: stored.ownClaims };
}

function toSet(scope: string): ReadonlySet<string> {
  return new Set(scope.split(' ').filter((one) => one !== ''));
}
