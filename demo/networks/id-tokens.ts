import { createHash } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import type { Faults } from './faults.ts';

export type SigningAlgorithm = 'RS256' | 'ES256';

/** What an ID token says beside the claims every one has. */
export interface IdTokenContent {
  issuer: string;
  audience: string;
  subject: string;
  nonce?: string | undefined;
  /** Told by its hash, as `at_hash`. */
  accessToken?: string | undefined;
  /** Seconds. */
  lifetime: number;
  claims: JWTPayload;
}

export interface IdTokenSigner {
  algorithm: SigningAlgorithm;
  /** The JWK set to publish (RFC 7517). */
  publicKeys(): Promise<{ keys: JWK[] }>;
  /** A signed ID token (OpenID Connect Core 2), wrong in the ways the network's faults say. */
  sign(content: IdTokenContent, faults: Faults): Promise<string>;
}

interface SigningKey {
  id: string;
  privateKey: CryptoKey;
  publicJwk: JWK;
}

/** Keys are made when first needed, and anew for every signer: no two networks share one. */
export function createIdTokenSigner(algorithm: SigningAlgorithm): IdTokenSigner {
  let made: Promise<SigningKey> | undefined;
  let foreign: Promise<SigningKey> | undefined;
  const ownKey = () => {
    made ??= makeKey(algorithm);
    return made;
  };
  const foreignKey = () => {
    foreign ??= makeKey(algorithm);
    return foreign;
  };

  return {
    algorithm,
    async publicKeys() {
      return { keys: [(await ownKey()).publicJwk] };
    },
    async sign(content, faults) {
      const key = await ownKey();
      const wrong = (mode: Parameters<Faults['take']>[0]) => faults.take(mode, 'token');
      const issuedAt = Math.floor(Date.now() / 1000) - (wrong('expired_token') ? content.lifetime + 3600 : 0);
      const nonce = wrong('wrong_nonce') ? 'a-nonce-nobody-sent' : content.nonce;
      const token = new SignJWT({
        ...content.claims,
        ...(nonce === undefined ? {} : { nonce }),
        ...(content.accessToken === undefined ? {} : { at_hash: halfHash(content.accessToken) }),
      })
        .setProtectedHeader({ alg: algorithm, kid: key.id, typ: 'JWT' })
        .setIssuer(wrong('wrong_issuer') ? 'https://impostor.example' : content.issuer)
        .setAudience(wrong('wrong_audience') ? 'another-client' : content.audience)
        .setSubject(content.subject)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + content.lifetime);
      // Signed by a key nobody published, under the id of the one that was.
      return token.sign(wrong('wrong_signature') ? (await foreignKey()).privateKey : key.privateKey);
    },
  };
}

async function makeKey(algorithm: SigningAlgorithm): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm);
  const jwk = await exportJWK(publicKey);
  const id = createHash('sha256').update(JSON.stringify(jwk)).digest('hex').slice(0, 16);
  return { id, privateKey, publicJwk: { ...jwk, kid: id, alg: algorithm, use: 'sig' } };
}

/** OpenID Connect Core 3.1.3.6: the left half of the token's SHA-256. */
export function halfHash(token: string): string {
  return createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url');
}
