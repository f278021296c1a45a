import { createHash, randomBytes } from 'node:crypto';

// For the day when the phone is gone. Each code has 80 random bits, so a plain hash keeps it as well as a slow one
// would, and stays good when the server's secret is changed.

/** How many are made at once. */
export const recoveryCodeCount = 10;

// Crockford's base32: no letter that is read as a digit.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Ten codes as they are shown, once: `7K2M-Q9XD-40VE-RT8B`. */
export function makeRecoveryCodes(): string[] {
  return Array.from({ length: recoveryCodeCount }, () => {
    // 256 is a multiple of 32: no letter is favoured.
    const letters = [...randomBytes(16)].map((byte) => alphabet[byte % 32]).join('');
    return letters.replace(/(.{4})(?=.)/g, '$1-');
  });
}

/** A typed code as it was made, whatever case, spaces and dashes; undefined for what cannot be one. */
export function readRecoveryCode(typed: string): string | undefined {
  const letters = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
  return /^[0-9A-HJKMNP-TV-Z]{16}$/.test(letters) ? letters : undefined;
}

/** What is kept of a code, bound to the set (`id`) it was made in. */
export function recoveryCodeHash(id: string, code: string): string {
  return createHash('sha256')
    .update(JSON.stringify([id, readRecoveryCode(code) ?? code]))
    .digest('base64url');
}
