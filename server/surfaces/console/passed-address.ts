import { createHmac, type KeyObject } from 'node:crypto';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { sameSecret } from '../../base/crypto.ts';

/** Where pictures are passed on, for the frames of previews. */
export const passedPath = '/console/picture';

// A frame asks for its pictures at once. For so long the address stays the same, so that drafts typed one after the other
// have it alike; an address is good for one to two of these.
const periodMs = 5 * 60_000;

/**
 * Makes addresses at which this server passes on a picture of another site. Frames are of no origin, and no cookie comes
 * with what they ask for: so the address carries how long it is good, and that this server made it.
 */
export function passedAddress({ vault }: Pick<Base, 'vault'>): (address: string) => string {
  const [key] = vault.derive('passed-pictures');
  return (address) => {
    const until = String((Math.floor(now().getTime() / periodMs) + 2) * periodMs);
    return `${passedPath}?${new URLSearchParams({ address, until, by: sign(key, address, until) })}`;
  };
}

/** The other site's address, if this server has made the one that was asked for, and it is still good. */
export function readPassed({ vault }: Pick<Base, 'vault'>, query: Readonly<Record<string, unknown>>) {
  const { address, until, by } = query;
  if (typeof address !== 'string' || typeof until !== 'string' || typeof by !== 'string') return undefined;
  const isOurs = vault.derive('passed-pictures').some((key) => sameSecret(by, sign(key, address, until)));
  return isOurs && Number(until) > now().getTime() ? address : undefined;
}

function sign(key: KeyObject, address: string, until: string): string {
  return createHmac('sha256', key).update(`${until} ${address}`).digest('base64url');
}
