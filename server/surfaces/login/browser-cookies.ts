import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../base/config.ts';
import { tokenHash } from '../../base/crypto.ts';
import { secretToken } from '../../base/ids.ts';

// Cookies of a browser that outlive its sessions: which device it is, what was used last.

type Origin = Pick<Config, 'url'>;

const yearSeconds = 365 * 86_400;

/** The device that a request comes from. Of its cookie only a hash is stored; `cookie` is for the browser alone. */
export type Device = { readonly cookieHash: Buffer; readonly userAgent: string; readonly cookie: string };

/** The device of this browser: what its cookie says, or a new one (to be kept with `rememberDevice`). */
export function deviceOf(config: Origin, request: FastifyRequest): Device {
  const known = request.cookies[`${prefix(config)}device`];
  const cookie = known && /^[\w-]{43}$/.test(known) ? known : secretToken();
  return { cookieHash: tokenHash(cookie), userAgent: userAgentOf(request), cookie };
}

/** The device that this browser said to be before, if any. */
export function knownDevice(config: Origin, request: FastifyRequest): Device | undefined {
  return request.cookies[`${prefix(config)}device`] === undefined ? undefined : deviceOf(config, request);
}

/** The browser keeps which device it is, for a year from each sign-in. */
export function rememberDevice(config: Origin, reply: FastifyReply, { cookie }: Device): void {
  reply.setCookie(`${prefix(config)}device`, cookie, options(config));
}

/** Name of the connection that was used last in this browser. */
export function lastConnection(config: Origin, request: FastifyRequest): string | undefined {
  return request.cookies[`${prefix(config)}last`];
}

export function rememberConnection(config: Origin, reply: FastifyReply, connection: string): void {
  reply.setCookie(`${prefix(config)}last`, connection, options(config));
}

/** Brand and language of the page that somebody last signed in on: the account pages look like it. */
export function lastLook(
  config: Origin,
  request: FastifyRequest,
): { slug?: string | undefined; language?: string | undefined } {
  const [slug, language] = (request.cookies[`${prefix(config)}look`] ?? '').split('.');
  return { slug, language };
}

export function rememberLook(config: Origin, reply: FastifyReply, slug: string, language: string): void {
  reply.setCookie(`${prefix(config)}look`, `${slug}.${language}`, options(config));
}

/** As the browser calls itself, at most 500 characters. */
export function userAgentOf(request: FastifyRequest): string {
  return (request.headers['user-agent'] ?? '').slice(0, 500);
}

function options({ url }: Origin) {
  return { path: '/', httpOnly: true, secure: url.startsWith('https:'), sameSite: 'lax' as const, maxAge: yearSeconds };
}

function prefix({ url }: Origin): string {
  return url.startsWith('https:') ? '__Host-' : '';
}
