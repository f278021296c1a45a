import type { JsonObject } from '../../base/json.ts';
import type { PortalParams } from './journey-port.ts';

/** One visit to the hosted pages on the way to one portal's tokens. It lives 1 h at `/u/<id>/<step>`. */
export type Flow = {
  readonly id: string;
  readonly clientId: string;
  /** As the portal asked: `scope`, `audience`, `login_hint`, `ui_locales`, `screen_hint`, `connection`, `acr_values`,
   * `max_age`, `prompt`, `redirect_uri`, `state` ... */
  readonly params: PortalParams;
  /** What it added of its own (`utm_source`), for the umbrella's code. */
  readonly added: PortalParams;
  /** What the engine wants: `login` (prove who you are), `select_account`, or `journey` (signed in, but a page is
   * needed first); with its reasons, and for `journey` the `page` that `onSession` named. */
  readonly prompt: { readonly name: string; readonly reasons: readonly string[]; readonly page?: string | undefined };
  /** The session it began in; null: nobody was signed in. */
  readonly session: { readonly customerId: string; readonly userId: string; readonly uid: string } | null;
  /** Path where the engine goes on when the pages are done. */
  readonly returnTo: string;
  /** What the pages remember; theirs alone. */
  state: JsonObject;
  /** May be put off while a rule's redirect is open, 3 days at most. */
  expiresAt: Date;
};

/** How a flow ends. */
export type FlowOutcome =
  | {
      /** The `sub`. */
      readonly customer: string;
      /** From `writeSignIn`. */
      readonly signIn: string;
      readonly amr: readonly string[];
      readonly acr?: string | undefined;
      /** False: the session that was there is enough ("continue"), nothing was proven anew. */
      readonly proved?: boolean | undefined;
    }
  /** Sent to the portal, e.g. `access_denied`. */
  | { readonly error: string; readonly error_description: string };
