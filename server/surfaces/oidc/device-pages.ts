import type { Client, ErrorOut, KoaContextWithOIDC } from 'oidc-provider';
import { exchangeOf } from './exchange.ts';

/** User codes: eight letters without vowels, so that none spells a word; 25 billion of them. */
export const deviceCharset = 'base-20';
export const deviceMask = '****-****';

/** The page where the customer types the code that the device shows. */
export function showInput(ctx: KoaContextWithOIDC, _form: string, out?: ErrorOut, error?: Error): void {
  const again = out === undefined ? undefined : (error?.name ?? 'NoCodeError');
  const { userCode } = exchangeOf(ctx);
  exchangeOf(ctx).page = { name: 'device-code', model: { ...formOf(ctx), user_code: userCode ?? '', problem: again } };
}

/** The page that asks whether it is this very device, before anybody signs in to it. */
export function showConfirmation(ctx: KoaContextWithOIDC, _form: string, client: Client): void {
  const { userCode } = exchangeOf(ctx);
  const model = { ...formOf(ctx), user_code: userCode ?? '', portal_name: client.clientName ?? '' };
  exchangeOf(ctx).page = { name: 'device-confirm', model };
}

/** The page that sends the customer back to the device. */
export function showSuccess(ctx: KoaContextWithOIDC): void {
  exchangeOf(ctx).page = { name: 'device-done', model: { portal_name: ctx.oidc.client?.clientName ?? '' } };
}

/** The engine's own guard of these forms: a secret kept in the session. */
function formOf(ctx: KoaContextWithOIDC): { action: string; xsrf: string } {
  const secret = ctx.oidc.session?.state?.secret;
  return { action: '/activate', xsrf: typeof secret === 'string' ? secret : '' };
}
