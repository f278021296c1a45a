import { tokenHash } from '../../base/crypto.ts';

/**
 * A handle stands for a token that is stored as a hash, where the engine must come back to it later without having
 * the token: it is that hash. What comes from outside is never read as one.
 */
const mark = '#';

/** The handle of a token, or the same handle again. */
export function handleOf(tokenOrHandle: string): string {
  return tokenOrHandle.startsWith(mark) ? tokenOrHandle : toHandle(tokenHash(tokenOrHandle));
}

/** The handle of the token with this hash. */
export function toHandle(hash: Buffer): string {
  return mark + hash.toString('hex');
}

/** The hash under which a token is stored; a handle's own only where it can't have come from outside. */
export function hashOf(tokenOrHandle: string, trusted: boolean): Buffer {
  if (trusted && tokenOrHandle.startsWith(mark)) return Buffer.from(tokenOrHandle.slice(mark.length), 'hex');
  return tokenHash(tokenOrHandle);
}
