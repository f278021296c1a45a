import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import type { Language } from '../../base/languages.ts';
import type { Dress } from '../../base/pages.ts';
import { type Brand, brandBySlug, cachedBrand, defaultBrand } from '../../features/brands/brands.ts';
import { portal as cachedPortal, type Portal } from '../../features/portals/portals.ts';
import { dressOf } from './brand-style.ts';
import { lastLook, userAgentOf } from './browser-cookies.ts';
import { languageOf } from './page-visit.ts';
import { pages, type Say } from './texts.ts';

/** A page outside of any flow: whose clothes it wears, in which language, and where it leads back to. */
export type Room = {
  readonly reply: FastifyReply;
  readonly brand: Brand;
  readonly language: Language;
  readonly dress: Dress;
  readonly say: Say;
  /** How mails and limits see the request. */
  readonly asked: {
    readonly brand: Brand;
    readonly language: Language;
    readonly ip: string;
    readonly userAgent: string;
  };
  /** Where customers of this portal or brand begin to sign in. */
  readonly home: string | undefined;
  /** Origins that its forms may lead to, beside our own. */
  readonly formTargets?: readonly string[] | undefined;
};

/** Where a page belongs: to a portal, or at least to a brand. */
export type Belongs = {
  readonly brand: Brand;
  readonly portal?: Portal | undefined;
  readonly uiLocales?: string | undefined;
};

/** The portal's brand, or else this one; without either (any more) the one last seen in this browser, or the umbrella's first. */
export async function brandOfPortal(
  base: Base,
  request: FastifyRequest,
  clientId: string | undefined,
  brandId?: string,
): Promise<Belongs> {
  const portal = clientId === undefined ? undefined : await cachedPortal(base, clientId);
  const id = portal?.brand ?? brandId;
  const brand = id === undefined ? undefined : await cachedBrand(base, id);
  if (brand) return { brand, portal };
  const { slug } = lastLook(base.config, request);
  const last = slug ? await brandBySlug(base.db, slug) : undefined;
  return { brand: last ?? (await defaultBrand(base)) };
}

/** The page of this request. */
export async function roomOf(
  request: FastifyRequest,
  reply: FastifyReply,
  { brand, portal, uiLocales }: Belongs,
): Promise<Room> {
  const language = languageOf(request, brand, uiLocales);
  const dress = dressOf(brand);
  const say: Say = (key, values = {}) => pages.say(key, language, dress, { brand: brand.name, ...values });
  const home = portal?.settings.initiate_login_uri || brand.website || undefined;
  const asked = { brand, language, ip: request.ip, userAgent: userAgentOf(request) };
  return { reply, brand, language, dress, say, asked, home };
}

/** Sends it. */
export function sendPage(
  { reply, dress, language, formTargets }: Room,
  name: string,
  model: Readonly<Record<string, unknown>>,
  status = 200,
): FastifyReply {
  return pages.send(reply, name, model, { dress, language, status, ...(formTargets && { formTargets }) });
}

type Link = { readonly href: string; readonly label: string };

/** To a page of the customer's account, whoever is signed in. */
export function toAccount(room: Room, path: string, label = 'consent.account'): Link {
  return { href: `/account${path}`, label: room.say(label) };
}

/** A page that only says something: a title, what there is to say, and how to go on. */
export function sendMessage(
  room: Room,
  message: {
    /** Key of the sentence; its title is `<key>_title`, or this one. */
    key: string;
    title?: string;
    values?: Readonly<Record<string, string>>;
    status?: number;
    isProblem?: boolean;
    /** A button that leads home, or on. */
    link?: 'home' | Link;
    /** Another way on, beside the button. */
    also?: Link | undefined;
    /** For developers: what the protocol said, and what support may ask for. */
    detail?: string | undefined;
    id?: string | undefined;
  },
): FastifyReply {
  const { key, title = `${key}_title`, values = {}, status = 200, isProblem = false, id, detail, also } = message;
  const home = room.home ? { href: room.home, label: room.say('error.back') } : undefined;
  const back = message.link === 'home' ? home : message.link;
  const said = { title: room.say(title, values), lead: room.say(key, values) };
  return sendPage(room, 'message', { ...said, is_problem: isProblem, back, also, id, detail }, status);
}
