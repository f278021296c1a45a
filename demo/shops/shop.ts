import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import cookie from '@fastify/cookie';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Liquid } from 'liquidjs';
import * as openid from 'openid-client';
import type { Logger } from '../../server/base/log.ts';
import { arrivals } from '../arrivals/arrivals.ts';
import { arrivalCookie, cookieFor } from '../arrivals/front-proxy.ts';
import type { ShopBrand } from './brands.ts';
import { drawings } from './drawings.ts';
import { knownClaims } from './known-claims.ts';
import { type KnownFact, readKnownFacts } from './known-facts.ts';
import { wordPages } from './word-pages.ts';

export type ShopSettings = {
  brand: ShopBrand;
  /** Issuer of the Regulars server, with the slash at its end. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Where this shop is reached, e.g. http://localhost:4021; filled in once it listens. */
  place: { origin: string };
  /** The other shops and pages of the demo, to walk between them. */
  neighbours: readonly { name: string; href: string }[];
  log: Logger;
};

type Visit = {
  pending?: { state: string; nonce: string; verifier: string };
  tokens?: { idToken: string; claims: Record<string, unknown> };
};

/** The places to come from, and the one that this browser comes from, if it has been at the server already. */
function arrivalPick({ cookies }: FastifyRequest) {
  const known = arrivals.find(({ id }) => id === cookies[arrivalCookie]);
  return { here: known?.city, others: arrivals.filter((one) => one !== known).map(({ id, city }) => ({ id, city })) };
}

const day = 24 * 60 * 60;
const mostVisits = 10_000;
const squareView = 'width="40" $1 viewBox="0 0 40 40"';

/**
 * One storefront of the demo: a small program of its own that signs its customers in with an unmodified OpenID client
 * library and shows what the tokens tell it. Visits are kept in memory.
 */
export async function createShop(settings: ShopSettings): Promise<FastifyInstance> {
  const app = Fastify({ logger: false, bodyLimit: 16_384 });
  await app.register(cookie);
  const liquid = new Liquid({ root: import.meta.dirname, extname: '.liquid', outputEscape: 'escape', cache: true });
  const visits = new Map<string, Visit>();
  let client: Promise<openid.Configuration> | undefined;

  // Asked for at the first sign-in, so that a shop can start before the server does.
  function openIdClient(): Promise<openid.Configuration> {
    const options = settings.issuer.startsWith('http:') ? { execute: [openid.allowInsecureRequests] } : {};
    client ??= openid
      .discovery(new URL(settings.issuer), settings.clientId, settings.clientSecret, undefined, options)
      .catch((error: unknown) => {
        client = undefined;
        throw error;
      });
    return client;
  }

  function visitOf(request: FastifyRequest, reply: FastifyReply): Visit {
    const known = visits.get(request.cookies.shop ?? '');
    if (known) return known;
    const id = randomBytes(24).toString('base64url');
    const visit: Visit = {};
    if (visits.size >= mostVisits) visits.clear();
    visits.set(id, visit);
    reply.setCookie('shop', id, { httpOnly: true, sameSite: 'lax', path: '/', maxAge: day });
    return visit;
  }

  async function show(reply: FastifyReply, visit: Visit, message?: string): Promise<FastifyReply> {
    const known = visit.tokens?.claims;
    // The shop is there without it, so a refusal only leaves the table away.
    const facts = known && (await factsOf(String(known.sub)).catch(() => undefined));
    const told = known && knownClaims(known);
    return send(reply, 'shop', { facts, drawings, known, told, message, from: arrivalPick(reply.request) });
  }

  async function factsOf(sub: string): Promise<KnownFact[]> {
    return readKnownFacts(await openIdClient(), settings.issuer, sub);
  }

  async function send(reply: FastifyReply, page: string, model: Record<string, unknown>): Promise<FastifyReply> {
    const html = await liquid.renderFile(page, { ...settings, ...model });
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(html);
  }

  const logo = readFileSync(new URL(`${settings.brand.slug}.svg`, import.meta.url), 'utf8');
  const drawn = {
    '/logo.svg': logo,
    // The shop's own pages are light, whatever the browser prefers.
    '/sign.svg': logo.replace(/@media \(prefers-color-scheme: dark\) \{.*\}/, ''),
    // The browser's tab shows the mark alone: the left end of the logo.
    '/icon.svg': logo.replace(/width="\d+" (height="40") viewBox="[^"]+"/, squareView),
  };
  for (const [path, svg] of Object.entries(drawn)) {
    app.get(path, async (_request, reply) => reply.type('image/svg+xml').send(svg));
  }

  for (const name of settings.brand.slug === 'lumiere' ? ['fragrance', 'hair-care'] : []) {
    const picture = readFileSync(new URL(`${name}.svg`, import.meta.url), 'utf8');
    app.get(`/pictures/${name}.svg`, async (_request, reply) => reply.type('image/svg+xml').send(picture));
  }

  for (const [path, words] of Object.entries(wordPages(settings.brand.name))) {
    app.get(path, async (request, reply) =>
      send(reply, 'words', { ...words, known: visitOf(request, reply).tokens?.claims }),
    );
  }

  app.get('/', async (request, reply) => show(reply, visitOf(request, reply)));

  // Whoever tries the demo may come from somewhere else; the proxy in front of the server minds it at the next sign-in.
  app.get<{ Querystring: { place?: string } }>('/from', async (request, reply) => {
    const place = arrivals.find(({ id }) => id === request.query.place);
    return reply.header('set-cookie', place ? cookieFor(place) : []).redirect('/', 303);
  });

  app.get<{ Querystring: { language?: string; acr_values?: string } }>('/sign-in', async (request, reply) => {
    const visit = visitOf(request, reply);
    const config = await openIdClient();
    const pending = {
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      verifier: openid.randomPKCECodeVerifier(),
    };
    visit.pending = pending;
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: `${settings.place.origin}/callback`,
      scope: 'openid profile email',
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: 'S256',
      ...(request.query.language ? { ui_locales: request.query.language } : {}),
      ...(request.query.acr_values ? { acr_values: request.query.acr_values } : {}),
    });
    return reply.redirect(url.href, 303);
  });

  app.get('/callback', async (request, reply) => {
    const visit = visitOf(request, reply);
    const { pending } = visit;
    delete visit.pending;
    if (!pending) return show(reply, visit, 'That sign-in was finished already. Please sign in again.');
    try {
      const config = await openIdClient();
      const tokens = await openid.authorizationCodeGrant(config, new URL(request.url, settings.place.origin), {
        expectedState: pending.state,
        expectedNonce: pending.nonce,
        pkceCodeVerifier: pending.verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (!claims) throw new Error('no ID token');
      const more = await openid.fetchUserInfo(config, tokens.access_token, claims.sub);
      visit.tokens = { idToken: tokens.id_token ?? '', claims: { ...claims, ...more } };
      return reply.redirect('/', 303);
    } catch (error) {
      const told = error instanceof openid.AuthorizationResponseError ? error.error_description : undefined;
      if (told === undefined) settings.log.warn({ err: error }, 'a sign-in at a shop failed');
      return show(reply, visit, told ?? 'The sign-in did not work. Please try again.');
    }
  });

  app.get('/sign-out', async (request, reply) => {
    const visit = visitOf(request, reply);
    const { tokens } = visit;
    delete visit.tokens;
    if (!tokens) return reply.redirect('/', 303);
    const url = openid.buildEndSessionUrl(await openIdClient(), {
      id_token_hint: tokens.idToken,
      post_logout_redirect_uri: `${settings.place.origin}/`,
    });
    return reply.redirect(url.href, 303);
  });

  return app;
}
