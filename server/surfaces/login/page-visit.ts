import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { Problem } from '../../base/errors.ts';
import { type Language, pickLanguage } from '../../base/languages.ts';
import type { Dress } from '../../base/pages.ts';
import { type Brand, cachedBrand } from '../../features/brands/brands.ts';
import { portal as cachedPortal, type Portal } from '../../features/portals/portals.ts';
import { type Flow, formToken, openFlow, type PortalParams, uidToBe } from '../oidc/oidc.ts';
import { dressOf } from './brand-style.ts';
import { type Device, deviceOf, userAgentOf } from './browser-cookies.ts';
import { type FlowState, readState } from './flow-state.ts';
import type { Form } from './form.ts';
import type { Explained } from './problem-text.ts';
import { wireOfPages } from './rules/wire.ts';
import { pages, type Say } from './texts.ts';
import type { Visit } from './visit.ts';

/** What went wrong with the form that was just sent, and what was typed, to be shown again. */
export type Again = { readonly explained: Explained; readonly form: Form };

/** One request at a page of a flow. */
export type PageVisit = {
  readonly base: Base;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly flow: Flow;
  readonly state: FlowState;
  readonly visit: Visit;
  readonly device: Device;
  readonly dress: Dress;
  readonly say: Say;
};

/** Opens the flow of an address for the browser that began it. Throws Problem `flow_expired`. */
export async function openPage(
  base: Base,
  request: FastifyRequest,
  reply: FastifyReply,
  flowId: string,
): Promise<PageVisit> {
  return pageVisitOf(base, request, reply, await openFlow(base, request, flowId));
}

/** The same for a flow that was begun by this very request. */
export async function pageVisitOf(
  base: Base,
  request: FastifyRequest,
  reply: FastifyReply,
  flow: Flow,
): Promise<PageVisit> {
  const { portal, brand } = await portalAndBrand(base, flow.clientId);
  const language = languageOf(request, brand, flow.params.ui_locales);
  const state = readState(flow.state);
  const device = deviceOf(base.config, request);
  const dress = dressOf(brand);
  const visit: Visit = {
    portal,
    brand,
    language,
    wire: wireOfPages({ ...flow.added, ...flow.params }, flow.returnTo.startsWith('/activate')),
    ip: request.ip,
    userAgent: userAgentOf(request),
    at: now(),
    device,
    page: { flow, state },
    sessionFor: (customer) => uidToBe(base, request, flow.id, customer),
    acrValues: acrValuesOf(flow.params),
    silent: false,
  };
  const say: Say = (key, values = {}) => pages.say(key, language, dress, { brand: brand.name, ...values });
  return { base, request, reply, flow, state, visit, device, dress, say };
}

/** A portal where customers sign in, and its brand. Throws Problem `flow_expired` when it was removed meanwhile. */
export async function portalAndBrand(base: Base, clientId: string): Promise<{ portal: Portal; brand: Brand }> {
  const portal = await cachedPortal(base, clientId);
  const brand = portal?.brand ? await cachedBrand(base, portal.brand) : undefined;
  if (!portal || !brand) throw new Problem('flow_expired');
  return { portal, brand };
}

/** What the portal asks for, then the browser, then what the brand speaks. */
export function languageOf(request: FastifyRequest, brand: Brand, uiLocales?: string): Language {
  return pickLanguage([uiLocales, request.headers['accept-language']], brand.default_language);
}

/** What an authorization request asks the sign-in to have, in order of preference. */
export function acrValuesOf({ acr_values = '' }: PortalParams): string[] {
  return acr_values.split(' ').filter((value) => value !== '');
}

/**
 * Sends a page of the flow; after a refused form with what was typed and why it was refused.
 *
 * @param isCommon the model says nothing of who asks (see `PageOptions`)
 */
export function showPage(
  { base, reply, flow, visit, dress }: PageVisit,
  name: string,
  model: Readonly<Record<string, unknown>>,
  again?: Again,
  isCommon = false,
): FastifyReply {
  const { field, text, status = 200, headers = {} } = again?.explained ?? {};
  const shown = {
    token: formToken(base, flow),
    ...(field ? { errors: { [field]: text } } : { problem: text }),
    ...model,
  };
  const { language } = visit;
  reply.headers(headers);
  return pages.send(reply, name, shown, { dress, language, status, formTargets: formTargets(visit, flow), isCommon });
}

/** The browser follows a form's answer on to the portal; the page must allow where that leads. */
function formTargets({ portal, brand }: Visit, { params }: Flow): string[] {
  const { web_origins, initiate_login_uri } = portal.settings;
  return formTargetsOf([params.redirect_uri, ...web_origins, initiate_login_uri, brand.website]);
}

/** What a page must allow so that the answer to its form may lead to one of these addresses. */
export function formTargetsOf(addresses: readonly (string | null | undefined)[]): string[] {
  const targets = addresses.flatMap((address) =>
    address && URL.canParse(address) ? [targetOf(new URL(address))] : [],
  );
  return [...new Set(targets)].slice(0, 20);
}

function targetOf({ origin, protocol }: URL): string {
  return origin === 'null' ? protocol : origin;
}
