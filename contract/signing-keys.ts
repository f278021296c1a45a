import { z } from 'zod';

/** A key that signs tokens, signed them, or is going to, in the shape of Auth0's. */
export const signingKey = z
  .strictObject({
    kid: z.string(),
    /** X.509 in PEM: no more than "this key, this host". */
    cert: z.string(),
    /** SHA-1 of the certificate, with colons, and without. */
    fingerprint: z.string(),
    thumbprint: z.string(),
    current: z.boolean().optional(),
    next: z.boolean().optional(),
    previous: z.boolean().optional(),
    revoked: z.boolean().optional(),
    /** Since when it signs; of the next key: from when it will, once that is settled. */
    current_since: z.iso.datetime().optional(),
    /** Until when a previous key signed. */
    current_until: z.iso.datetime().optional(),
    revoked_at: z.iso.datetime().optional(),
  })
  .meta({ id: 'SigningKey' });
export type SigningKey = z.infer<typeof signingKey>;

/** The key that signs, or is going to sign from `signs_at`. */
export const rotatedKey = z
  .strictObject({ kid: z.string(), cert: z.string(), signs_at: z.iso.datetime() })
  .meta({ id: 'RotatedKey' });

/** The key that is good for nothing any more. */
export const revokedKey = z.strictObject({ kid: z.string(), cert: z.string() }).meta({ id: 'RevokedKey' });
