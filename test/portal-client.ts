// A portal as a test plays it: asks for codes and tokens over HTTP, with the cookies of one browser.
import { createHash, randomBytes } from 'node:crypto';
import { decodeJwt } from 'jose';
import { type CookieJar, createCookieJar } from './cookie-jar.ts';
import type { OidcServer, TestPortal } from './oidc-server.ts';

export type TokenAnswer = {
  status: number;
  headers: Headers;
  access_token: string;
  id_token: string;
  refresh_token: string;
  scope: string;
  expires_in: number;
  token_type: string;
  error: string;
  error_description: string;
};

export type PortalClient = {
  readonly jar: CookieJar;
  /** One request with the browser's cookies, following nothing. */
  get(path: string, method?: string): Promise<Response>;
  /** Sends the browser to `/authorize`; gives the answer's address (or the page's). */
  authorize(params?: Record<string, string>): Promise<{ response: Response; location: URL; verifier: string }>;
  /** The whole sign-in of this customer, up to the code. */
  code(userId: string, params?: Record<string, string>): Promise<{ code: string; verifier: string; location: URL }>;
  /** The whole sign-in, with tokens. */
  signIn(userId: string, params?: Record<string, string>): Promise<TokenAnswer>;
  redeem(code: string, verifier: string, more?: Record<string, string>): Promise<TokenAnswer>;
  refresh(token: string, more?: Record<string, string>): Promise<TokenAnswer>;
  /** A form at the token endpoint, with the client's authentication. */
  token(form: Record<string, string>, headers?: Record<string, string>): Promise<TokenAnswer>;
};

/** A browser at this portal; with `jar`, the same browser at another one. */
export function portalClient(server: OidcServer, portal: TestPortal, jar = createCookieJar()): PortalClient {
  const isPublic = portal.client_secret === '';

  async function get(path: string, method = 'GET'): Promise<Response> {
    const url = new URL(path, server.url);
    const response = await fetch(url, { method, redirect: 'manual', headers: { cookie: jar.header(url) } });
    jar.store(url, response.headers.getSetCookie());
    return response;
  }

  async function token(form: Record<string, string>, headers: Record<string, string> = {}): Promise<TokenAnswer> {
    const secret = isPublic ? {} : { client_secret: portal.client_secret };
    const body = new URLSearchParams({ client_id: portal.client_id, ...secret, ...form });
    const response = await fetch(`${server.url}/oauth/token`, { method: 'POST', body, headers });
    return { ...JSON.parse(await response.text()), status: response.status, headers: response.headers };
  }

  const client: PortalClient = {
    jar,
    get,
    token,
    async authorize(params = {}) {
      const verifier = randomBytes(32).toString('base64url');
      const query = new URLSearchParams({
        client_id: portal.client_id,
        response_type: 'code',
        redirect_uri: portal.callback,
        scope: 'openid profile email',
        state: 'the-state',
        nonce: 'the-nonce',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        ...params,
      });
      // An empty parameter is not sent.
      for (const [name, value] of [...query]) if (value === '') query.delete(name);
      const response = await get(`/authorize?${query}`);
      const location = new URL(response.headers.get('location') ?? '/', server.url);
      return { response, location, verifier };
    },
    async code(userId, params) {
      const started = await client.authorize(params);
      let { location } = started;
      if (location.pathname.startsWith('/u/')) {
        const finished = await get(`${location.pathname}?as=${encodeURIComponent(userId)}`);
        const resumed = await get(new URL(finished.headers.get('location') ?? '', server.url).pathname);
        location = new URL(resumed.headers.get('location') ?? '/', server.url);
      }
      return { code: location.searchParams.get('code') ?? '', verifier: started.verifier, location };
    },
    async signIn(userId, params) {
      const { code, verifier, location } = await client.code(userId, params);
      if (code === '') throw new Error(`No code: ${location.href}`);
      return client.redeem(code, verifier);
    },
    redeem: (code, verifier, more) =>
      token({
        grant_type: 'authorization_code',
        code,
        redirect_uri: portal.callback,
        ...(verifier === '' ? {} : { code_verifier: verifier }),
        ...more,
      }),
    refresh: (refresh_token, more) => token({ grant_type: 'refresh_token', refresh_token, ...more }),
  };
  return client;
}

/** Header and claims of a JWT, unverified. */
export function readJwt(jwt: string): { header: Record<string, unknown>; claims: Record<string, unknown> } {
  const header = JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString());
  return { header, claims: decodeJwt(jwt) };
}

/** The JSON that was answered. */
export async function bodyOf(response: Response) {
  return JSON.parse(await response.text());
}
