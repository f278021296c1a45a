// The demo umbrella on a real server with the simulated networks, and browsers that sign in there: for tests.
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import type { PortalSettings } from '../contract/portals.ts';
import { demoSecrets } from '../demo/demo-secrets.ts';
import { type NetworkName, type Networks, startNetworks } from '../demo/networks/networks.ts';
import type { BrandSlug } from '../demo/places.ts';
import { networkClient, networkNames } from '../demo/umbrella/networks.ts';
import { portalIds, wireUmbrella } from '../demo/umbrella/umbrella.ts';
import type { Base } from '../server/base/base.ts';
import { type Customer, customersByEmail } from '../server/features/customers/customers.ts';
import { getPortal, updatePortal } from '../server/features/portals/portals.ts';
import { type Browser, createBrowser, type Page } from './http-browser.ts';
import { startTestServer } from './server.ts';

export type World = {
  readonly url: string;
  readonly base: Base;
  readonly networks: Networks;
  /** Lines that were logged so far. */
  readonly logged: readonly string[];
  /** A new browser; it stops at the shops' addresses. */
  browser(headers?: Record<string, string>): Browser;
  /** The address by which this shop sends its customers to sign in. */
  door(slug?: BrandSlug, params?: Record<string, string>): string;
  /** The tokens for the code with which a browser came back to its shop. */
  tokens(page: Page, slug?: BrandSlug): Promise<Tokens>;
  /** A request of the Lumière shop at the token endpoint. */
  token(form: Record<string, string>): Promise<Tokens>;
  /** A request of the Lumière shop at another endpoint: what was answered. */
  machine(path: string, form: Record<string, string>): Promise<Record<string, unknown>>;
  /** Lets the Lumière shop use this grant type, too. */
  allow(grantType: PortalSettings['grant_types'][number]): Promise<void>;
  /** The newest mail to this address. */
  /** The newest mail to this address; of this kind: a job may still be writing it, which is waited for. */
  mail(to: string, kind?: string): Promise<Mail>;
  mails(to: string): Promise<Mail[]>;
  /** The one customer with this address. */
  customer(email: string): Promise<Customer>;
  close(): Promise<void>;
};

export type Mail = {
  kind: string;
  language: string;
  sender: string;
  subject: string;
  text: string;
  code: string;
  link: string;
};
export type Tokens = { status: number; body: Record<string, unknown>; claims: Record<string, unknown> };

const shops = { lumiere: 'http://lumiere.example', northtrail: 'http://northtrail.example' } as const;
// One verifier for all: what it protects from is tested elsewhere.
const verifier = randomBytes(32).toString('base64url');

/** Starts it all; `close` ends it all. */
export async function openWorld(variables: Record<string, string> = {}): Promise<World> {
  const server = await startTestServer(variables);
  const { base, url } = server;
  const networks = await startNetworks({ ports: { google: 0, facebook: 0, apple: 0, x: 0, github: 0 } });
  const secrets = demoSecrets(base.vault);
  const at = (name: NetworkName) => networks[name].origin;
  const places = {
    google: at('google'),
    facebook: at('facebook'),
    apple: at('apple'),
    x: at('x'),
    github: at('github'),
  };
  await wireUmbrella(base, { server: url, shops, outbox: url, networks: places }, secrets);
  for (const name of networkNames) {
    networks[name].register(networkClient(name, `${url}/login/callback`, secrets.networks[name]));
  }

  async function askToken(slug: BrandSlug, form: Record<string, string>): Promise<Tokens> {
    const client = { client_id: portalIds[slug], client_secret: secrets.shops[slug] };
    const body = new URLSearchParams({ ...client, ...form });
    const response = await fetch(`${url}/oauth/token`, { method: 'POST', body });
    const answer: Record<string, unknown> = JSON.parse(await response.text());
    const claims = typeof answer.id_token === 'string' ? decodeJwt(answer.id_token) : {};
    return { status: response.status, body: answer, claims };
  }

  async function mails(to: string): Promise<Mail[]> {
    const rows = await base.db
      .selectFrom('outbox')
      .selectAll()
      .where('recipient', '=', to)
      .orderBy('id', 'desc')
      .execute();
    return rows.map((row) => ({
      kind: row.kind,
      language: row.language,
      sender: row.sender,
      subject: row.subject,
      text: row.body_text,
      code: /^ {4}(\d{6})$/m.exec(row.body_text)?.[1] ?? '',
      link: /https?:\S+ticket=[\w-]+/.exec(row.body_text)?.[0] ?? '',
    }));
  }

  return {
    url,
    base,
    networks,
    logged: server.logged,
    browser: (headers = {}) => createBrowser({ stopAt: Object.values(shops), headers }),
    door(slug = 'lumiere', params = {}) {
      const query = new URLSearchParams({
        client_id: portalIds[slug],
        response_type: 'code',
        redirect_uri: `${shops[slug]}/callback`,
        scope: 'openid profile email offline_access',
        state: 'shop-state',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        ...params,
      });
      return `${url}/authorize?${query}`;
    },
    tokens(page, slug = 'lumiere') {
      const form = {
        grant_type: 'authorization_code',
        code: page.url.searchParams.get('code') ?? '',
        redirect_uri: `${shops[slug]}/callback`,
        code_verifier: verifier,
      };
      return askToken(slug, form);
    },
    token: (form) => askToken('lumiere', form),
    async machine(path, form) {
      const client = { client_id: portalIds.lumiere, client_secret: secrets.shops.lumiere };
      const body = new URLSearchParams({ ...client, ...form });
      return JSON.parse(await (await fetch(url + path, { method: 'POST', body })).text());
    },
    async allow(grantType) {
      const portal = await getPortal(base.db, portalIds.lumiere);
      const grants = portal?.settings.grant_types ?? [];
      const settings = { grant_types: [...new Set([...grants, grantType])] };
      await updatePortal(base, portalIds.lumiere, { settings }, () => undefined);
      await base.settings.refresh();
    },
    mails,
    async mail(to, kind) {
      const deadline = Date.now() + 10_000;
      for (;;) {
        const newest = (await mails(to)).find((one) => kind === undefined || one.kind === kind);
        if (newest) return newest;
        if (kind === undefined || Date.now() > deadline) throw new Error(`No mail to ${to} ${kind ?? ''}`);
        await sleep(50);
      }
    },
    async customer(email) {
      const [only, another] = await customersByEmail(base.db, email);
      if (!only || another) throw new Error(`${another ? 'Several customers' : 'No customer'} with ${email}`);
      return only;
    },
    async close() {
      await server.stop();
      await networks.close();
    },
  };
}

/** Goes through a network's pages as this person, agreeing to all, until the browser is back with us (or stops). */
export async function atNetwork(browser: Browser, page: Page, person: string): Promise<Page> {
  let now = page;
  for (let pages = 0; pages < 6; pages += 1) {
    const [form] = now.forms;
    if (!form || !now.html.includes('(simulated)')) return now;
    if (form.action.endsWith('/choose')) now = await browser.submit(now, '/choose', {}, person);
    else if (form.action.endsWith('/agree')) now = await browser.submit(now, '/agree', { agree: 'yes' });
    else now = await browser.submit(now, form.action);
  }
  throw new Error(`Still at ${now.url.href}`);
}

/** Signs up by hosted pages: e-mail, password, and the code that was mailed. Ends at the shop. */
export async function signUp(
  world: World,
  browser: Browser,
  email: string,
  password: string,
  slug?: BrandSlug,
): Promise<Page> {
  const page = await browser.open(world.door(slug, { screen_hint: 'signup' }));
  const typed = await browser.submit(page, 'signup', { username: email, password });
  return browser.submit(typed, 'verify', { code: (await world.mail(email)).code });
}

/** Signs in with a password. Ends at the shop, or at the page that says why not. */
export async function signIn(
  world: World,
  browser: Browser,
  username: string,
  password: string,
  slug?: BrandSlug,
): Promise<Page> {
  return browser.submit(await browser.open(world.door(slug)), 'login', { username, password });
}

/** Signs in with a network, past the page that asks before leaving (`likes`), as this person. Ends where it leads. */
export async function signInWith(
  world: World,
  browser: Browser,
  connection: string,
  person: string,
  { slug, likes = 'no' }: { slug?: BrandSlug; likes?: 'yes' | 'no' } = {},
): Promise<Page> {
  let page = await browser.submit(await browser.open(world.door(slug)), 'network', {}, connection);
  if (page.url.pathname.endsWith('/connect')) page = await browser.submit(page, 'connect', {}, likes);
  return atNetwork(browser, page, person);
}
