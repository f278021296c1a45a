import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { now } from '../../base/clock.ts';

/** The public signing keys that are good now (not those that were revoked). */
export type PublicKeys = () => Promise<JSONWebKeySet>;

/** The claims of a token of this server for this audience; JOSE errors when it is not one, or no longer good. */
export type Verify = (token: string, audience: string, requiredClaims: string[]) => Promise<JWTPayload>;

/** Verifies tokens that this server signed (RS256). Keys are read anew when there are others. */
export function createVerify(issuer: string, publicKeys: PublicKeys): Verify {
  let known: { kids: string; find: ReturnType<typeof createLocalJWKSet> } | undefined;

  return async (token, audience, requiredClaims) => {
    const jwks = await publicKeys();
    const kids = jwks.keys.map((key) => key.kid).join(' ');
    if (known?.kids !== kids) known = { kids, find: createLocalJWKSet(jwks) };
    const options = { issuer, audience, algorithms: ['RS256'], currentDate: now(), requiredClaims };
    const { payload, protectedHeader } = await jwtVerify(token, known.find, options);
    // Other things that the same keys sign, such as logout tokens, say so.
    if (protectedHeader.typ !== undefined && protectedHeader.typ !== 'JWT') throw new errors.JWTInvalid('another typ');
    return payload;
  };
}
