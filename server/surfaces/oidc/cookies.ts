import type { FastifyRequest } from 'fastify';
import { now } from '../../base/clock.ts';
import type { Config } from '../../base/config.ts';
import { sameSecret, tokenHash } from '../../base/crypto.ts';
import { secretToken } from '../../base/ids.ts';

/** The issuer's cookies. On https their `__Host-` names make the browser refuse them from any other host. */
type Origin = Pick<Config, 'url'>;

const mostFlows = 8;
// The flow's row decides when it ends (1 h; longer while a rule's redirect is open); the cookie outlives it.
const flowCookieSeconds = 3 * 86_400;

/** Name of the cookie that holds a browser's session id. */
export function sessionCookieName({ url }: Origin): string {
  return `${prefix(url)}regulars`;
}

/** The session's cookie goes along in portals' silent iframes, where the browser allows it: on https only. */
export function sessionCookieOptions({ url }: Origin) {
  const secure = url.startsWith('https:');
  return { path: '/', httpOnly: true, secure, sameSite: secure ? ('none' as const) : ('lax' as const) };
}

/** A cookie of one flow to be set; `name`s to be taken away make room, so that a browser never sends too many. */
export type FlowCookie = { name: string; value: string; secretHash: Buffer; expired: string[] };

/** A fresh secret for a flow, and which older flows of this browser it pushes out. */
export function newFlowCookie(config: Origin, flowId: string, cookieHeader: string | undefined): FlowCookie {
  const secret = secretToken();
  const value = `${Math.floor(now().getTime() / 1000).toString(36)}.${secret}`;
  const others = flowCookies(config, cookieHeader).sort((a, b) => a.born - b.born);
  const expired = others.slice(0, Math.max(0, others.length - mostFlows + 1)).map(({ name }) => name);
  return { name: flowCookieName(config, flowId), value, secretHash: tokenHash(value), expired };
}

/** Name of the cookie that makes a flow's address useful in one browser only. */
export function flowCookieName({ url }: Origin, flowId: string): string {
  return `${prefix(url)}flow-${flowId}`;
}

export function flowCookieOptions({ url }: Origin) {
  return {
    path: '/',
    httpOnly: true,
    secure: url.startsWith('https:'),
    sameSite: 'lax' as const,
    maxAge: flowCookieSeconds,
  };
}

/** Does this browser hold the cookie of the flow? */
export function holdsFlow(config: Origin, request: FastifyRequest, flowId: string, secretHash: Buffer): boolean {
  const value = request.cookies[flowCookieName(config, flowId)];
  return value !== undefined && sameSecret(tokenHash(value), secretHash);
}

function flowCookies(config: Origin, header = ''): { name: string; born: number }[] {
  const start = flowCookieName(config, '');
  const found: { name: string; born: number }[] = [];
  for (const pair of header.split(';')) {
    const [name = '', value = ''] = pair.trim().split('=', 2);
    if (name.startsWith(start)) found.push({ name, born: Number.parseInt(value.split('.', 1)[0] ?? '', 36) || 0 });
  }
  return found;
}

function prefix(url: string): string {
  return url.startsWith('https:') ? '__Host-' : '';
}
