import { createPublicKey } from 'node:crypto';
import { jwtVerify } from 'jose';
import type { NetworkClient } from './clients.ts';

/** Six months, as Apple's "Creating a client secret" counts them. */
const longestSeconds = 15_777_000;

/**
 * Whether a client secret is good: a JWT signed ES256 by the client's key, `kid` its id, `iss` the team, `sub` the
 * client id, `aud` Apple, `exp` at most six months away.
 */
export async function checkClientSecret(
  client: NetworkClient,
  secret: string | undefined,
  audience: string,
): Promise<boolean> {
  if (secret === undefined || client.teamId === undefined || client.keyId === undefined) return false;
  try {
    const { payload, protectedHeader } = await jwtVerify(secret, createPublicKey(client.clientSecret), {
      algorithms: ['ES256'],
      audience,
      issuer: client.teamId,
      subject: client.clientId,
      requiredClaims: ['exp', 'iat'],
    });
    const secondsLeft = (payload.exp ?? Number.POSITIVE_INFINITY) - Date.now() / 1000;
    return protectedHeader.kid === client.keyId && secondsLeft <= longestSeconds;
  } catch {
    return false;
  }
}
