import { z } from 'zod';
import { text } from './text.ts';

/** One permission of an API. */
export const apiScope = z.strictObject({
  value: text(280, 1).regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/),
  description: text(500).optional(),
});
export type ApiScope = z.infer<typeof apiScope>;

/** Everything of an API (resource server) that acts, as it is stored: Auth0's properties, all filled in. */
export const apiSettings = z.strictObject({
  signing_alg: z.literal('RS256'),
  allow_offline_access: z.boolean(),
  /** Seconds an access token for it is good. */
  token_lifetime: z.int().min(1).max(2_592_000),
  /** The same for tokens that a browser got (implicit flow); kept for Auth0's shape. */
  token_lifetime_for_web: z.int().min(1).max(2_592_000),
  skip_consent_for_verifiable_first_party_clients: z.literal(true),
});
export type ApiSettings = z.infer<typeof apiSettings>;

/** The `audience` that tokens for an API are asked with; any text, a URI by custom. */
export const apiIdentifier = text(600, 1).regex(/^\S+$/);
