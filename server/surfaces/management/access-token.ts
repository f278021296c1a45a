import { errors } from 'jose';
import { Problem } from '../../base/errors.ts';
import type { Verify } from './verify-token.ts';

/** Reads the machine from the `Authorization` header. Problem `unauthenticated` when there is none to trust. */
export type ReadMachine = (
  authorization: string | undefined,
) => Promise<{ readonly clientId: string; readonly scopes: ReadonlySet<string> }>;

/**
 * Trusts access tokens that this server signed for its Management API and gave to a machine of its own (client
 * credentials). Tokens held by a customer, ID tokens and tokens bound to a key (DPoP) open nothing here.
 */
export function createReadMachine(issuer: string, verify: Verify): ReadMachine {
  const audience = `${issuer}api/v2/`;

  return async (authorization) => {
    if (authorization === undefined) throw new Problem('unauthenticated');
    const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1];
    if (token === undefined) throw invalidToken('Invalid token');
    const claims = await verify(token, audience, ['exp', 'azp']).catch((error: unknown) => {
      if (error instanceof errors.JWTExpired)
        throw invalidToken('Expired token received for JSON Web Token validation');
      if (error instanceof errors.JOSEError) throw invalidToken('Invalid token');
      throw error;
    });
    const { azp, sub, scope, cnf } = claims;
    if (typeof azp !== 'string' || sub !== `${azp}@clients` || cnf !== undefined) throw invalidToken('Invalid token');
    return { clientId: azp, scopes: new Set(typeof scope === 'string' ? scope.split(' ') : []) };
  };
}

/** 401 with Auth0's words. */
export function invalidToken(message: string): Problem {
  return new Problem('unauthenticated', message, { errorCode: 'invalid_token' });
}
