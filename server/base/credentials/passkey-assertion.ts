import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { cose, decodeCredentialPublicKey, parseAuthenticatorData } from '@simplewebauthn/server/helpers';
import { z } from 'zod';

// What a passkey's answer must have to be right (WebAuthn Level 3, 7.2), checked where it came in: the library's own
// check hands four small pieces of work to other threads, which takes longer than they do (docs/decisions/0021).

const clientData = z.object({
  type: z.string(),
  challenge: z.string().max(1000),
  origin: z.string(),
  crossOrigin: z.boolean().default(false),
  topOrigin: z.string().optional(),
});
/** What the browser says of a ceremony. */
export type ClientData = z.infer<typeof clientData>;

/** Reads it; undefined for what is no such JSON. */
export function readClientData(encoded: string): ClientData | undefined {
  try {
    return clientData.safeParse(JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

/** What a browser hands over that used a passkey, in base64url. */
export type Assertion = Readonly<Record<'clientDataJSON' | 'authenticatorData' | 'signature', string>>;

/** What a right answer says. */
export type Asserted = { readonly counter: number; readonly userVerified: boolean };

/**
 * Is this an answer of the authenticator that holds the private key, given at our page to somebody who was there? Whether
 * its challenge is one of ours, and still good, is the caller's to know.
 *
 * @param expected `publicKey`: as it is kept (COSE); `verified`: the authenticator must have verified who holds it
 * @returns `why` it is not
 */
export function checkAssertion(
  { clientDataJSON, authenticatorData, signature }: Assertion,
  said: ClientData,
  expected: { publicKey: Uint8Array; origin: string; rpId: string; verified: boolean },
): Asserted | { readonly why: string } {
  if (said.type !== 'webauthn.get') return { why: 'the answer to something else' };
  if (said.origin !== expected.origin) return { why: 'used at another site' };
  if (said.crossOrigin || said.topOrigin !== undefined) return { why: 'used inside a page of another site' };
  const data = Buffer.from(authenticatorData, 'base64url');
  try {
    const { rpIdHash, flags, counter } = parseAuthenticatorData(new Uint8Array(data));
    if (!sha256(expected.rpId).equals(rpIdHash)) return { why: 'a passkey of another site' };
    if (!flags.up) return { why: 'nobody was there' };
    if (expected.verified && !flags.uv) return { why: 'the authenticator did not verify who holds it' };
    if (flags.bs && !flags.be) return { why: 'kept on several devices, though it cannot be' };
    const signed = Buffer.concat([data, sha256(Buffer.from(clientDataJSON, 'base64url'))]);
    const { key, hash } = readKey(expected.publicKey);
    if (!verify(hash, signed, key, Buffer.from(signature, 'base64url'))) return { why: 'the signature is not right' };
    return { counter, userVerified: flags.uv };
  } catch (error) {
    return { why: String(error) };
  }
}

/** A public key of one of the algorithms that we ask authenticators for, and the hash that it signs. */
function readKey(publicKey: Uint8Array): { key: KeyObject; hash: 'sha256' | null } {
  const { COSEALG, COSECRV, COSEKEYS } = cose;
  const kept = decodeCredentialPublicKey(new Uint8Array(publicKey));
  const alg = kept.get(COSEKEYS.alg);
  const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('base64url');
  const from = (jwk: Readonly<Record<string, string>>) => createPublicKey({ key: { ...jwk }, format: 'jwk' });
  if (cose.isCOSEPublicKeyEC2(kept) && alg === COSEALG.ES256 && kept.get(COSEKEYS.crv) === COSECRV.P256) {
    const point = { x: text(kept.get(COSEKEYS.x)), y: text(kept.get(COSEKEYS.y)) };
    return { key: from({ kty: 'EC', crv: 'P-256', ...point }), hash: 'sha256' };
  }
  if (cose.isCOSEPublicKeyRSA(kept) && alg === COSEALG.RS256)
    return { key: from({ kty: 'RSA', n: text(kept.get(COSEKEYS.n)), e: text(kept.get(COSEKEYS.e)) }), hash: 'sha256' };
  if (cose.isCOSEPublicKeyOKP(kept) && alg === COSEALG.EdDSA && kept.get(COSEKEYS.crv) === COSECRV.ED25519)
    return { key: from({ kty: 'OKP', crv: 'Ed25519', x: text(kept.get(COSEKEYS.x)) }), hash: null };
  throw new Error('a key of another kind');
}

function sha256(what: string | Buffer): Buffer {
  return createHash('sha256').update(what).digest();
}
