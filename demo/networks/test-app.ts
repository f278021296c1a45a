import { createHash, randomBytes } from 'node:crypto';
import type { NetworkClient } from './clients.ts';
import type { Landing } from './visitor.ts';

/** An app registered at a simulated network, for the networks' own tests. */
export const testApp: NetworkClient = {
  clientId: 'lumiere-shop',
  clientSecret: 'a secret with : and % in it',
  redirectUris: ['http://127.0.0.1:9/login/callback', 'http://127.0.0.1:9/other?kept=1'],
  name: 'Lumière',
};

export const redirectUri = 'http://127.0.0.1:9/login/callback';

/** A second app, so that one app's codes can be tried by another. */
export const strangeApp: NetworkClient = { ...testApp, clientId: 'stranger', clientSecret: 'another secret' };

/** A verifier and its S256 challenge (RFC 7636 4). */
export function makePkce(): { verifier: string; challenge: string } {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** An address with these parameters; undefined ones are left out. */
export function addressOf(base: string, params: Record<string, string | undefined>): string {
  const url = new URL(base);
  for (const [name, value] of Object.entries(params)) if (value !== undefined) url.searchParams.append(name, value);
  return url.href;
}

/** Posts a form without following redirects. */
export async function postForm(
  url: string,
  params: Record<string, string | undefined>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const body = new URLSearchParams(new URL(addressOf('http://any', params)).search);
  return fetch(url, { method: 'POST', body, headers, redirect: 'manual' });
}

/** The `Authorization` header of RFC 6749 2.3.1. */
export function basicAuth(client: NetworkClient): Record<string, string> {
  const pair = `${encodeURIComponent(client.clientId)}:${encodeURIComponent(client.clientSecret)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

export function bearer(token: unknown): Record<string, string> {
  return { authorization: `Bearer ${String(token)}` };
}

/** A JSON object from a response body. */
export async function readObject(response: Response): Promise<Record<string, unknown>> {
  const body: unknown = await response.json();
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Error('not a JSON object');
  return Object.fromEntries(Object.entries(body));
}

/** The parameters that came back to the redirect address. Throws if the visit ended at a page. */
export function landed(landing: Landing): Extract<Landing, { kind: 'redirect' }> {
  if (landing.kind === 'page') throw new Error(`the visit ended at a page: ${landing.html}`);
  return landing;
}
