import type { Account, KoaContextWithOIDC } from 'oidc-provider';
import type { Base } from '../../base/base.ts';
import { type Customer, findByUserId, previousIds } from '../../features/customers/customers.ts';
import { claimsOf, toldOver } from './claims.ts';
import { type Exchange, exchangeOf } from './exchange.ts';

/**
 * The customer with this `sub` as the engine's account. None for who is blocked, gone, about to be erased, or was
 * merged into another customer: what was issued to them is good for nothing from now on.
 */
export async function findAccount(base: Base, ctx: KoaContextWithOIDC, sub: string): Promise<Account | undefined> {
  const exchange = exchangeOf(ctx);
  const known = exchange.customer?.user_id === sub ? exchange.customer : undefined;
  const customer = known ?? (await findByUserId(base.db, sub));
  if (!mayHaveTokens(customer, sub)) return undefined;
  exchange.customer = customer;
  return {
    accountId: customer.user_id,
    claims: async (use) => {
      if (use !== 'id_token') return { ...claimsOf(customer), sub };
      const previous = await previousSubs(base, exchange, customer);
      const told = toldOver(claimsOf(customer), exchange.decided?.profile);
      return { ...told, sub, ...(previous.length > 0 ? { previous_subs: previous } : {}) };
    },
  };
}

async function previousSubs(base: Base, exchange: Exchange, { id }: Customer): Promise<readonly string[]> {
  exchange.previousSubs ??= await previousIds(base.db, id);
  return exchange.previousSubs;
}

/** Is this the living, unblocked customer whose `sub` it is, who means to stay? */
export function mayHaveTokens<Known extends Pick<Customer, 'user_id' | 'blocked' | 'erase_at'>>(
  customer: Known | undefined,
  sub: string,
): customer is Known {
  return customer !== undefined && !customer.blocked && customer.erase_at === null && customer.user_id === sub;
}
