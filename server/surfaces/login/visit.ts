import { Problem } from '../../base/errors.ts';
import type { Language } from '../../base/languages.ts';
import type { Asked } from '../../features/accounts/accounts.ts';
import type { Brand } from '../../features/brands/brands.ts';
import type { Portal } from '../../features/portals/portals.ts';
import type { Flow } from '../oidc/oidc.ts';
import type { Device } from './browser-cookies.ts';
import type { FlowState } from './flow-state.ts';
import type { Wire } from './rules/wire.ts';

/** One request at one portal's door: what the journey needs to know of it. */
export type Visit = {
  readonly portal: Portal;
  readonly brand: Brand;
  readonly language: Language;
  /** How it comes, as the umbrella's own code is told. */
  readonly wire: Wire;
  readonly ip: string;
  readonly userAgent: string;
  readonly at: Date;
  /** Of a browser that has been here; undefined where there is no browser. */
  readonly device?: Pick<Device, 'cookieHash' | 'userAgent'> | undefined;
  /** `uid` of the session that this customer's sign-in will be in; left out where none is opened. */
  readonly sessionFor?: ((customerId: string) => Promise<string>) | undefined;
  /** The page's flow; undefined when no page of ours is open. */
  readonly page?: PageOpen | undefined;
  /** The `mfa_token` that it goes on with, used up by the sign-in; `flow` is what codes are bound to. */
  readonly waiting?: { readonly token: string; readonly flow: string } | undefined;
  /** The session it comes from, as the timeline names it. */
  readonly session?: string | undefined;
  /** What the portal asks the sign-in to have (`acr_values`). */
  readonly acrValues: readonly string[];
  /** `prompt=none`: there is nobody to show a page to, and it does not count. */
  readonly silent: boolean;
};

/** A page of ours, and its flow. */
export type PageOpen = {
  readonly flow: Flow;
  readonly state: FlowState;
};

/** How somebody comes to a portal, whether by a page of ours or by one of its own. */
export type Coming = Pick<Visit, 'portal' | 'brand' | 'language' | 'ip' | 'userAgent' | 'at'>;

/** How mails and limits see the visit. */
export function askedBy({ brand, language, ip, portal, userAgent, session }: Visit): Asked {
  return { brand, language, ip, portal: portal.client_id, userAgent, session };
}

/** The flow of a visit that came by a page. Throws Problem `flow_expired` when it came by none. */
export function pagesOf({ page }: Visit): { flow: Flow; state: FlowState } {
  if (!page) throw new Problem('flow_expired');
  return page;
}
