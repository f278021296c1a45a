import type { AccessToken } from 'oidc-provider';
import type { Base } from '../../base/base.ts';
import { sameJson } from '../../base/json.ts';
import { ownClaims, withheldIn } from './claims.ts';
import type { Exchange } from './exchange.ts';

// `/userinfo` tells what rules and actions added to the ID token: it is kept with the grant, as it was when tokens were
// last issued under it, and is gone with it.

const mostBytes = 16_384;

/**
 * Keeps what the tokens that are issued now are told by code, where it is not what the grant keeps already. What is too
 * large to be read with every `/userinfo` is in the ID token only.
 */
export function keepOwnClaims(
  { log }: Pick<Base, 'log'>,
  exchange: Exchange,
  { grantId, scopes }: Pick<AccessToken, 'grantId' | 'scopes'>,
): void {
  if (grantId === undefined) return;
  const { decided, writes } = exchange;
  const withheld = withheldIn(decided?.profile);
  const added = { ...(scopes.has('profile') && decided?.profile), ...withheld, ...ownClaims(decided?.id_token) };
  const bytes = Buffer.byteLength(JSON.stringify(added));
  if (bytes > mostBytes) log.warn({ grant: grantId, bytes }, 'claims of rules or actions are too large for /userinfo');
  const claims = bytes > mostBytes ? withheld : added;
  const made = writes.grants.find(({ id }) => id === grantId);
  if (made) made.ownClaims = claims;
  else if (!sameJson(claims, exchange.ownClaims ?? {})) writes.ownClaims = { grant: grantId, claims };
}
