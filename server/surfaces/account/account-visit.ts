import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Language, pickLanguage } from '../../base/languages.ts';
import type { Dress } from '../../base/pages.ts';
import { type Brand, brandBySlug, cachedBrand, defaultBrand } from '../../features/brands/brands.ts';
import { type EndSessions, type ExportVerb, findById, identitiesOf } from '../../features/customers/customers.ts';
import type { PortalCheck } from '../../features/portals/portals.ts';
import { dressOf, lastLook, lastSignInOf, type Owner, userAgentOf, type Visit, wireOfPages } from '../login/login.ts';
import { type BrowserSession, endSessions, formToken, sessionOf } from '../oidc/oidc.ts';
import { accountPortal } from './account-portal.ts';
import type { Place } from './navigation.ts';
import { pages } from './texts.ts';

/** What the account pages are handed: the engine's check of a new portal, and which pages there are. */
export type AccountParts = {
  readonly base: Base;
  readonly check: PortalCheck;
  readonly places: readonly Place[];
  /** Hand out what features and surfaces hold of a customer. */
  readonly exports: readonly ExportVerb[];
};

/** A page of the account, whose clothes it wears and in which language. */
export type Look = {
  readonly brand: Brand;
  readonly language: Language;
  readonly dress: Dress;
  readonly say: (key: string, values?: Readonly<Record<string, unknown>>) => string;
};

/** One request of a customer who is signed in. */
export type AccountVisit = Look & {
  readonly base: Base;
  readonly exports: readonly ExportVerb[];
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly session: BrowserSession;
  readonly owner: Owner;
  readonly visit: Visit;
  /** Of the forms of this session. */
  readonly token: string;
  /** Was it proven within the last ten minutes that it is them? */
  readonly isFresh: boolean;
  /** Ends all sessions of a customer but this one. */
  readonly endOthers: EndSessions;
  /** The page that is visited, among all pages of the account in the order of the navigation. */
  readonly place: Place;
  readonly places: readonly Place[];
};

const freshSeconds = 600;

/** The customer who is signed in in this browser, at this page; or undefined. */
export async function openAccount(
  { base, check, exports, places }: AccountParts,
  request: FastifyRequest,
  reply: FastifyReply,
  place: Place = { path: '' },
): Promise<AccountVisit | undefined> {
  const session = await sessionOf(base, request);
  const customer = session && (await findById(base.db, session.customerId));
  if (!session || !customer || customer.user_id !== session.userId || customer.blocked || customer.erase_at)
    return undefined;
  const last = await lastSignInOf(base.db, customer.id, session.uid);
  const subject = last?.subject ?? (await identitiesOf(base.db, customer.id))[0]?.subject;
  if (subject === undefined) return undefined;
  const brand = last && (await cachedBrand(base, last.brand));
  const look = brand ? lookOf(base, request, brand) : await lookOfStranger(base, request);
  const at = now();
  const visit: Visit = {
    portal: await accountPortal(base, look.brand, check),
    brand: look.brand,
    language: look.language,
    wire: wireOfPages({}, false),
    ip: request.ip,
    userAgent: userAgentOf(request),
    at,
    session: base.vault.keyedHash('timeline-session', session.uid).toString('base64url'),
    acrValues: [],
    silent: false,
  };
  return {
    ...look,
    base,
    exports,
    request,
    reply,
    session,
    owner: { customer, subject, session: session.uid },
    visit,
    token: formToken(base, formsOf(session)),
    isFresh: at.getTime() - session.signedInAt.getTime() < freshSeconds * 1000,
    endOthers: (tx, id) => endSessions(tx, id, { exceptSession: session.uid }),
    place,
    places,
  };
}

/** What the form tokens of a session are bound to. */
export function formsOf({ uid }: BrowserSession): { id: string } {
  return { id: `account ${uid}` };
}

/** The look of somebody who is not signed in: as it was last time in this browser. */
export async function lookOfStranger(base: Base, request: FastifyRequest): Promise<Look> {
  const { slug } = lastLook(base.config, request);
  const last = slug ? await brandBySlug(base.db, slug) : undefined;
  return lookOf(base, request, last ?? (await defaultBrand(base)));
}

function lookOf(base: Base, request: FastifyRequest, brand: Brand): Look {
  const wishes = [lastLook(base.config, request).language, request.headers['accept-language']];
  const language = pickLanguage(wishes, brand.default_language);
  const dress = dressOf(brand);
  return {
    brand,
    language,
    dress,
    say: (key, values = {}) => pages.say(key, language, dress, { brand: brand.name, ...values }),
  };
}
