import type { JsonObject } from '../../base/json.ts';

/** What rules and actions decided for the tokens. What only the protocol may say is not replaced by it. */
export type Decided = {
  /** Claims of the umbrella's own. */
  readonly id_token?: JsonObject | undefined;
  readonly access_token?: JsonObject | undefined;
  /** What they added to the scopes of the access token, and took from them. */
  readonly scopes?: { readonly added: readonly string[]; readonly removed: readonly string[] } | undefined;
  /** A second factor was asked for; `remembers`: not of who has said that their browser be remembered. */
  readonly multifactor?: { readonly remembers: boolean } | undefined;
};
