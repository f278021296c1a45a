import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Config } from '../../base/config.ts';
import { flowCookieOptions, newFlowCookie } from './cookies.ts';
import { exchangeOf } from './exchange.ts';

/**
 * Address of the page that goes on with this flow. Here the flow gets its cookie: without it the address is useless
 * to anybody else.
 */
export function flowAddress(config: Config, ctx: KoaContextWithOIDC, flowId: string): string {
  const { writes } = exchangeOf(ctx);
  if (writes.flow?.id !== flowId) throw new Error('The engine asked for the page of another flow.');
  const { name, value, secretHash, expired } = newFlowCookie(config, flowId, ctx.get('cookie'));
  const { maxAge, ...options } = flowCookieOptions(config);
  ctx.cookies.set(name, value, { ...options, maxAge: maxAge * 1000 });
  for (const old of expired) ctx.cookies.set(old, null, options);
  writes.flow.secretHash = secretHash;
  return `/u/${flowId}/login`;
}
