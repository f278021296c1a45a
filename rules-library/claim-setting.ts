import { z } from 'zod';

/**
 * A setting that names a claim of our own in tokens. As at Auth0 it is a web address, so that it can never be one that
 * the protocol owns.
 */
export function claim(name: string) {
  return z
    .string()
    .trim()
    .max(200)
    .regex(/^https?:\/\/[^\s/]+\/\S+$/, 'A claim of your own is named like a web address: https://example.com/name')
    .default(`https://example.com/${name}`);
}
