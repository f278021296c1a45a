import type { JsonObject } from '../../base/json.ts';
import type { FactorKind } from '../../features/accounts/accounts.ts';

/** What rules and actions decided for the tokens. What only the protocol may say is not replaced by it. */
export type Decided = {
  /** What rules made of the profile, by claims of its scope: told like the profile, where that scope is. null: withheld. */
  readonly profile?: JsonObject | undefined;
  /** Claims of the umbrella's own. */
  readonly id_token?: JsonObject | undefined;
  readonly access_token?: JsonObject | undefined;
  /** What they added to the scopes of the access token, and took from them. */
  readonly scopes?: { readonly added: readonly string[]; readonly removed: readonly string[] } | undefined;
  readonly multifactor?: AskedFactor | undefined;
};

/** A second factor that was asked for. */
export type AskedFactor = {
  /** Not of who has said that their browser be remembered. */
  readonly remembers: boolean;
  /** One of these kinds, and no other does; left out: any. */
  readonly kinds?: readonly FactorKind[] | undefined;
  /** It is added on the way, since there is none. Left out with `kinds`: none is added. */
  readonly adds?: boolean | undefined;
};
