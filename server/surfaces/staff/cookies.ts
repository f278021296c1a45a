import { createHmac } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import type { Config } from '../../base/config.ts';
import { sameSecret } from '../../base/crypto.ts';
import { Problem } from '../../base/errors.ts';
import { secretToken } from '../../base/ids.ts';

// Staff's own two cookies. Both are of the strictest kind: no other site makes the browser send them. `staff` is who is
// signed in; `staff-visit` ties the forms of the pages before that to one browser, and is whoever is half in.

type Origin = Pick<Config, 'url'>;

const sessionSeconds = 7 * 86_400;

/** The session's cookie, if the browser sent one that can be. */
export function sessionCookie({ config }: Pick<Base, 'config'>, request: FastifyRequest): string | undefined {
  return read(config, request, 'staff');
}

export function setSessionCookie({ config }: Pick<Base, 'config'>, reply: FastifyReply, token: string): void {
  reply.setCookie(nameOf(config, 'staff'), token, { ...options(config), maxAge: sessionSeconds });
}

export function clearSessionCookie({ config }: Pick<Base, 'config'>, reply: FastifyReply): void {
  reply.clearCookie(nameOf(config, 'staff'), options(config));
}

/** The cookie of this browser's visit. */
export function visitCookie({ config }: Pick<Base, 'config'>, request: FastifyRequest): string | undefined {
  return read(config, request, 'staff-visit');
}

/** A new visit: whatever was begun before in this browser is another one. @returns its cookie */
export function newVisitCookie(
  { config }: Pick<Base, 'config'>,
  reply: FastifyReply,
  token: string = secretToken(),
): string {
  reply.setCookie(nameOf(config, 'staff-visit'), token, options(config));
  return token;
}

/** What every form carries in its hidden field `token`. `cookie`: the visit's or the session's that it belongs to. */
export function formToken({ vault }: Pick<Base, 'vault'>, cookie: string): string {
  return createHmac('sha256', vault.derive('staff-forms')[0]).update(cookie).digest('base64url');
}

/**
 * Was this form sent from our own page of this visit or session? The browser's `Origin` must be ours, too.
 *
 * @throws Problem `origin_refused`
 */
export function checkForm(base: Base, request: FastifyRequest, cookie: string | undefined, token: unknown): void {
  const own = request.headers.origin === base.config.url && cookie !== undefined;
  if (!own || typeof token !== 'string' || !sameSecret(token, formToken(base, cookie))) {
    throw new Problem('origin_refused');
  }
}

function read(config: Origin, request: FastifyRequest, name: string): string | undefined {
  const value = request.cookies[nameOf(config, name)];
  return value !== undefined && /^[\w-]{43}$/.test(value) ? value : undefined;
}

function options({ url }: Origin) {
  return { path: '/', httpOnly: true, secure: url.startsWith('https:'), sameSite: 'strict' as const };
}

function nameOf({ url }: Origin, name: string): string {
  return url.startsWith('https:') ? `__Host-${name}` : name;
}
