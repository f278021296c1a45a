// An authenticator in software, with the browser around it: makes passkeys and signs with them, and lies when it is told to.
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';

type Cbor = Parameters<typeof isoCBOR.encode>[0];
type Algorithm = 'ES256' | 'RS256' | 'EdDSA';

/** What the server asks for, as far as it matters here. */
export type CreateOptions = {
  challenge: string;
  rp: { id?: string };
  user: { id: string };
  excludeCredentials?: { id: string }[];
};
export type GetOptions = { challenge: string; rpId?: string; allowCredentials?: { id: string }[] };

/** What it says other than the truth. */
export type Lies = {
  origin?: string;
  rpId?: string;
  challenge?: string;
  type?: string;
  crossOrigin?: boolean;
  topOrigin?: string;
  counter?: number;
  present?: boolean;
  /** Copied to other devices, though it says that it never is. */
  copied?: boolean;
  verified?: boolean;
  userHandle?: string;
  credentialId?: string;
  /** Signs with a key of its own. */
  forged?: boolean;
};

export type Kept = {
  id: string;
  key: KeyObject;
  /** COSE, base64url. */
  publicKey: string;
  userHandle: string;
  counter: number;
  algorithm: Algorithm;
};

export type Authenticator = {
  /** What it keeps; a clone is a copy of this list. */
  readonly kept: Kept[];
  /** Makes a passkey: the JSON of `navigator.credentials.create`. */
  create(options: CreateOptions, lies?: Lies): string;
  /** Signs with the newest passkey of the site: the JSON of `navigator.credentials.get`. */
  get(options: GetOptions, lies?: Lies): string;
};

/**
 * @param traits `counts`: does it count signatures? `synced`: is it kept on several devices?
 */
export function createAuthenticator(
  origin: string,
  traits: { algorithm?: Algorithm; counts?: boolean; synced?: boolean; kept?: Kept[] } = {},
): Authenticator {
  const { algorithm = 'ES256', counts = false, synced = true, kept = [] } = traits;

  function clientData(type: string, challenge: string, lies: Lies): Buffer {
    const { origin: from = origin, crossOrigin = false, topOrigin } = lies;
    const ceremony = { type: lies.type ?? type, challenge: lies.challenge ?? challenge };
    const said = { ...ceremony, origin: from, crossOrigin, ...(topOrigin && { topOrigin }) };
    return Buffer.from(JSON.stringify(said));
  }

  function authenticatorData(rpId: string, counter: number, lies: Lies, attested?: Buffer): Buffer {
    const { present = true, verified = true, copied = false } = lies;
    const backup = copied ? 0x10 : synced ? 0x18 : 0;
    const flags = (present ? 1 : 0) | (verified ? 4 : 0) | backup | (attested ? 0x40 : 0);
    const head = Buffer.alloc(5);
    head.writeUInt8(flags, 0);
    head.writeUInt32BE(lies.counter ?? counter, 1);
    const hash = createHash('sha256')
      .update(lies.rpId ?? rpId)
      .digest();
    return Buffer.concat([hash, head, ...(attested ? [attested] : [])]);
  }

  return {
    kept,
    create(options, lies = {}) {
      const { publicKey, privateKey } = makeKeys(algorithm);
      const id = lies.credentialId ?? randomBytes(32).toString('base64url');
      const rawId = Buffer.from(id, 'base64url');
      const length = Buffer.alloc(2);
      length.writeUInt16BE(rawId.length);
      const cose = toCose(publicKey, algorithm);
      const attested = Buffer.concat([Buffer.alloc(16), length, rawId, cose]);
      const counter = counts ? 1 : 0;
      const userHandle = options.user.id;
      kept.push({ id, key: privateKey, publicKey: cose.toString('base64url'), userHandle, counter, algorithm });
      const authData = new Uint8Array(authenticatorData(options.rp.id ?? '', counter, lies, attested));
      const object = new Map<string, Cbor>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', authData],
      ]);
      return toJson(id, {
        clientDataJSON: clientData('webauthn.create', options.challenge, lies),
        attestationObject: Buffer.from(encode(object)),
      });
    },
    get(options, lies = {}) {
      const rpId = options.rpId ?? '';
      const passkey = kept.at(-1);
      if (!passkey) throw new Error('this authenticator has no passkey');
      if (counts) passkey.counter += 1;
      const data = clientData('webauthn.get', options.challenge, lies);
      const authData = authenticatorData(rpId, passkey.counter, lies);
      const signed = Buffer.concat([authData, createHash('sha256').update(data).digest()]);
      const key = lies.forged ? makeKeys(passkey.algorithm).privateKey : passkey.key;
      return toJson(lies.credentialId ?? passkey.id, {
        clientDataJSON: data,
        authenticatorData: authData,
        signature: sign(passkey.algorithm === 'EdDSA' ? null : 'sha256', signed, key),
        userHandle: Buffer.from(lies.userHandle ?? passkey.userHandle, 'base64url'),
      });
    },
  };
}

function makeKeys(algorithm: Algorithm): { publicKey: KeyObject; privateKey: KeyObject } {
  if (algorithm === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return algorithm === 'RS256' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ed25519');
}

/** RFC 9053: kty 1, alg 3, then the key's own. */
function toCose(key: KeyObject, algorithm: Algorithm): Buffer {
  const jwk = key.export({ format: 'jwk' });
  const bytes = (text: string | undefined) => new Uint8Array(Buffer.from(text ?? '', 'base64url'));
  const own = {
    ES256: [
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, bytes(jwk.x)],
      [-3, bytes(jwk.y)],
    ],
    RS256: [
      [1, 3],
      [3, -257],
      [-1, bytes(jwk.n)],
      [-2, bytes(jwk.e)],
    ],
    EdDSA: [
      [1, 1],
      [3, -8],
      [-1, 6],
      [-2, bytes(jwk.x)],
    ],
  } as const satisfies Record<Algorithm, readonly (readonly [number, number | Uint8Array])[]>;
  return Buffer.from(encode(new Map<number, Cbor>(own[algorithm])));
}

function encode(map: Map<string | number, Cbor>): Uint8Array {
  return isoCBOR.encode(map);
}

function toJson(id: string, response: Readonly<Record<string, Buffer>>): string {
  const said = Object.fromEntries(Object.entries(response).map(([name, bytes]) => [name, bytes.toString('base64url')]));
  return JSON.stringify({ id, rawId: id, type: 'public-key', response: said });
}
