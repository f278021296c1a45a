import { sameSecret, tokenHash, type Vault } from '../../base/crypto.ts';
import { alphanumeric, secretToken } from '../../base/ids.ts';

const context = 'portals.secret_hash';

/** A new client id: 32 characters of [A-Za-z0-9]. */
export function newClientId(): string {
  return alphanumeric(32);
}

/** A new client secret: 64 characters, 48 random bytes. */
export function newClientSecret(): string {
  return secretToken(48);
}

/**
 * What is stored of a secret. Operators may choose short ones, so its hash is encrypted: a copy of the table alone
 * cannot be searched for them, and `keys rewrap` can move it to a new key.
 */
export function sealSecret(vault: Vault, secret: string): string {
  return vault.encrypt(tokenHash(secret).toString('base64url'), context);
}

/** Is this the secret of the portal? Takes the same time whatever is wrong with it. */
export function secretMatches(portal: { secret_hash: string | null }, secret: string, vault: Vault): boolean {
  if (portal.secret_hash === null) return false;
  return sameSecret(unseal(portal.secret_hash, vault), tokenHash(secret).toString('base64url'));
}

/** The hash in the clear; a process opens each seal once and keeps the last ones. */
function unseal(sealed: string, vault: Vault): string {
  let known = opened.get(vault);
  if (!known || known.size >= mostOpened) {
    known = new Map();
    opened.set(vault, known);
  }
  let hash = known.get(sealed);
  if (hash === undefined) {
    hash = vault.decrypt(sealed, context);
    known.set(sealed, hash);
  }
  return hash;
}

const opened = new WeakMap<Vault, Map<string, string>>();
const mostOpened = 1000;
