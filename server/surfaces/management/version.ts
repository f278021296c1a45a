import { createHash } from 'node:crypto';
import { Problem } from '../../base/errors.ts';

/** The version of what is shown, as an `ETag` (RFC 9110, 8.8.3): another one whenever anything of it is another. */
export function versionOf(shown: unknown): string {
  return `"${createHash('sha256').update(JSON.stringify(shown)).digest('base64url').slice(0, 22)}"`;
}

/**
 * Refuses to change what is no longer as the caller saw it; the refusal tells what is there now.
 *
 * @param ifMatch the request's `If-Match`: the version they began from; without it nothing is refused
 * @param shown what they would see now; read where nobody can change it until this change is written
 * @param orSeen what they may have seen instead: more than is changed
 * @throws Problem `changed_meanwhile`
 */
export function refuseChanged(ifMatch: string | undefined, shown: unknown, ...orSeen: readonly unknown[]): void {
  if (ifMatch === undefined) return;
  // A proxy that compresses answers makes tags weak.
  const tags = ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  const isCurrent = [shown, ...orSeen].some((one) => tags.includes(versionOf(one)));
  if (!tags.includes('*') && !isCurrent) {
    throw new Problem('changed_meanwhile', undefined, { present: shown });
  }
}
