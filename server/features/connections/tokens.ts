import { z } from 'zod';
import type { Vault } from '../../base/crypto.ts';

const context = 'identities.tokens';

const networkTokens = z.object({
  access_token: z.string(),
  refresh_token: z.string().optional(),
  /** ISO 8601. */
  expires_at: z.string().optional(),
  scope: z.string().optional(),
  /** Kept where the network has an address that ends its session, which wants to be told whose. */
  id_token: z.string().optional(),
});

/** A network's tokens for one identity. `expires_at` is an instant in ISO 8601. */
export type NetworkTokens = z.infer<typeof networkTokens>;

/** Encrypts a network's tokens for the column `identities.tokens`. */
export function sealTokens(vault: Vault, tokens: NetworkTokens): string {
  return vault.encrypt(JSON.stringify(tokens), context);
}

/** The tokens behind `identities.tokens`. Throws when they were not sealed with a known key. */
export function openTokens(vault: Vault, sealed: string): NetworkTokens {
  return networkTokens.parse(JSON.parse(vault.decrypt(sealed, context)));
}
