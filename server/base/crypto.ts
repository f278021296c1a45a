import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hash,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

/** One 32-byte key of `REGULARS_SECRET`; `id` is a short fingerprint that ciphertexts carry. */
type Key = { id: string; bytes: Buffer };

/**
 * What is derived from or encrypted with `REGULARS_SECRET`. The first key encrypts; every key decrypts, so that
 * `new,old` lets an operator change the secret (`regulars keys rewrap` then makes `old` superfluous).
 */
export type Vault = {
  /** Fingerprint of the current key, safe to store and to show. */
  readonly fingerprint: string;
  /** AES-256-GCM; `context` names what it is (table and column) and must be the same to decrypt. Text in, text out. */
  encrypt(plain: string, context: string): string;
  /** Throws when the text was changed, the context differs, or the key is not known. */
  decrypt(sealed: string, context: string): string;
  /** Was this text encrypted with the current key? */
  isCurrent(sealed: string): boolean;
  /** A 32-byte key for one purpose (HKDF-SHA256, RFC 5869). All keys, newest first: sign with the first. */
  derive(purpose: string): [KeyObject, ...KeyObject[]];
  /** Keyed hash (HMAC-SHA256) of low-entropy values such as addresses and codes. */
  keyedHash(purpose: string, value: string): Buffer;
};

/** Opens the vault with keys of 32 bytes each, the newest first. */
export function openVault(secrets: readonly [Buffer, ...Buffer[]]): Vault {
  const toKey = (bytes: Buffer): Key => ({ id: fingerprintOf(bytes), bytes });
  const current = toKey(secrets[0]);
  const keys = [current, ...secrets.slice(1).map(toKey)];
  const derived = new Map<string, [KeyObject, ...KeyObject[]]>();

  function derive(purpose: string): [KeyObject, ...KeyObject[]] {
    let found = derived.get(purpose);
    if (!found) {
      // A KeyObject, for HMAC takes it in an eighth of the time that it takes with bytes.
      const one = (key: Key) => createSecretKey(Buffer.from(hkdfSync('sha256', key.bytes, 'regulars', purpose, 32)));
      found = [one(current), ...keys.slice(1).map(one)];
      derived.set(purpose, found);
    }
    return found;
  }

  return {
    fingerprint: current.id,
    encrypt(plain, context) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', derive('at-rest')[0], iv).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return `${current.id}.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')}`;
    },
    decrypt(sealed, context) {
      const dot = sealed.indexOf('.');
      const index = keys.findIndex((key) => key.id === sealed.slice(0, dot));
      const key = derive('at-rest')[index];
      if (!key) throw new Error('encrypted with a key that is not in REGULARS_SECRET');
      const bytes = Buffer.from(sealed.slice(dot + 1), 'base64url');
      // Without its length told, Node would take a tag that was cut short, which is quickly guessed.
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 });
      decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
    },
    isCurrent: (sealed) => sealed.startsWith(`${current.id}.`),
    derive,
    keyedHash: (purpose, value) => createHmac('sha256', derive(purpose)[0]).update(value).digest(),
  };
}

/** The first 8 hexadecimal digits of a key's hash: tells keys apart, tells nothing of them. */
export function fingerprintOf(secret: Buffer): string {
  return createHash('sha256').update('regulars-secret').update(secret).digest('hex').slice(0, 8);
}

/** SHA-256 of a high-entropy token: what is stored instead of it. */
export function tokenHash(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

/** Constant-time comparison of two strings or buffers of any length. */
export function sameSecret(a: string | Buffer, b: string | Buffer): boolean {
  return timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'));
}
