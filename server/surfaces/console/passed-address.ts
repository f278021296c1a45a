import { createHmac, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { sameSecret } from '../../base/crypto.ts';

/** Where pictures are passed on, for the frames of previews. */
export const passedPath = '/console/picture';

/** The ground that pages are shown on. */
export type Scheme = 'light' | 'dark';

// A frame asks for its pictures at once. For so long the address stays the same, so that drafts typed one after the other
// have it alike; an address is good for one to two of these.
const periodMs = 5 * 60_000;

/**
 * Makes addresses at which this server passes on a picture of another site. Frames are of no origin, and no cookie comes
 * with what they ask for: so the address carries how long it is good, and that this server made it.
 */
export function passedAddress({ vault }: Pick<Base, 'vault'>, scheme: Scheme): (address: string) => string {
  const [key] = vault.derive('passed-pictures');
  return (address) => {
    const until = String((Math.floor(now().getTime() / periodMs) + 2) * periodMs);
    return `${passedPath}?${new URLSearchParams({ address, scheme, until, by: sign(key, { address, scheme, until }) })}`;
  };
}

const asked = z.object({
  address: z.string(),
  scheme: z.literal(['light', 'dark']),
  until: z.string(),
  by: z.string(),
});
type Asked = Omit<z.infer<typeof asked>, 'by'>;

/** The other site's address, if this server has made the one that was asked for, and it is still good. */
export function readPassed({ vault }: Pick<Base, 'vault'>, query: unknown): Asked | undefined {
  const { success, data } = asked.safeParse(query);
  if (!success) return undefined;
  const isOurs = vault.derive('passed-pictures').some((key) => sameSecret(data.by, sign(key, data)));
  return isOurs && Number(data.until) > now().getTime() ? data : undefined;
}

function sign(key: KeyObject, { address, scheme, until }: Asked): string {
  return createHmac('sha256', key).update(`${until} ${scheme} ${address}`).digest('base64url');
}
