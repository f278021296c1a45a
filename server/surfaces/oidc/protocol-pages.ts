import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { isProblem } from '../../base/errors.ts';
import { type Exchange, exchangeOf } from './exchange.ts';
import type { ProtocolPage } from './page-port.ts';

/** The page that the engine wants shown, in our words; none when it answered otherwise. */
export function toProtocolPage(exchange: Exchange, status: number): ProtocolPage | undefined {
  const { page, portal, request } = exchange;
  if (!page) return undefined;
  const clientId = portal?.client_id;
  if (page.name !== 'error') return { name: page.name, model: page.model, status: 200, clientId };
  const told = tellError(exchange.refused);
  const model = { error: told.error, error_description: told.description, id: request.id };
  return { name: 'error', model, status: told.status ?? status, clientId };
}

/** What a person reads when the engine will not send them back to the portal. */
function tellError(refused: unknown): { error: string; description: string; status?: number } {
  if (refused instanceof errors.InvalidRedirectUri) {
    const description =
      'Callback URL mismatch. The address that this site asked to come back to is not in its list of allowed callback URLs.';
    return { error: 'callback_url_mismatch', description, status: 403 };
  }
  if (refused instanceof errors.InvalidClient) {
    return {
      error: 'invalid_client',
      description: 'Unknown client: the site that sent you here is not known.',
      status: 403,
    };
  }
  if (refused instanceof errors.SessionNotFound) {
    const description = 'This page has expired. Go back to where you came from and sign in again.';
    return { error: 'flow_expired', description, status: 400 };
  }
  if (refused instanceof errors.OIDCProviderError && refused.expose) {
    return { error: refused.error, description: refused.error_description ?? refused.message };
  }
  return { error: 'server_error', description: isProblem(refused) ? refused.message : 'Something went wrong.' };
}

/**
 * The engine's own small pages (`form_post`, `web_message`) carry one inline script: it is allowed by its hash, which
 * the engine adds, and nothing else is.
 */
export const scriptOnly = "default-src 'none'; script-src; base-uri 'none'; frame-ancestors 'none'";

/** Notes who may frame the answer: the origin that a silent sign-in is answered to, if it is one of `web_origins`. */
export function rememberFrame(ctx: KoaContextWithOIDC): void {
  const { params } = ctx.oidc;
  if (params?.response_mode !== 'web_message') return;
  const exchange = exchangeOf(ctx);
  const origin = URL.parse(String(params.redirect_uri))?.origin ?? '';
  exchange.framedBy = exchange.portal?.settings.web_origins.includes(origin) ? origin : "'none'";
}

/** Drops the policy where there is no script, and lets only the portal's own origin frame a silent answer. */
export function finishPolicy(response: Headed, body: unknown, framedBy: string | undefined): void {
  const policy = response.get(header);
  if (typeof body !== 'string' || !policy.includes('sha256-')) response.remove(header);
  else if (framedBy !== undefined) response.set(header, `${policy}; frame-ancestors ${framedBy}`);
}

const header = 'content-security-policy';

type Headed = { get(name: string): string; set(name: string, value: string): void; remove(name: string): void };
