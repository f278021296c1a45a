import type { Base } from '../../../base/base.ts';
import { now } from '../../../base/clock.ts';
import { sameSecret } from '../../../base/crypto.ts';
import { secretToken } from '../../../base/ids.ts';
import type { CalledRequest, CalledResponse } from '../../../base/sandbox/http-call.ts';
import type { OwnCall } from './own-api.ts';
import { ownApiOf } from './own-api.ts';

const seconds = 60;
const scopes = ['read:users', 'update:users'];

/**
 * A token for the Management API that is good for a minute, in this run only and for what is answered inside of this
 * process: `auth0.accessToken`. Nothing opens with it from outside.
 */
export type OwnAccess = {
  readonly token: string;
  /** What is answered for an address of Regulars' own; undefined: it is none. */
  answer(sent: CalledRequest): Promise<CalledResponse | undefined>;
};

/** Makes the token for one run; `only` as `OwnCall` has it. */
export function openOwnAccess(base: Base, who: Pick<OwnCall, 'origin' | 'only' | 'ip'>): OwnAccess {
  const token = secretToken();
  const until = now().getTime() + seconds * 1000;
  return {
    token,
    async answer({ method, url, headers, body }) {
      const path = ownPath(base, url);
      if (path === undefined) return undefined;
      const api = ownApiOf(base);
      const found = /^\/api\/v2(\/.*)$/.exec(path.pathname)?.[1];
      if (!api || found === undefined) return refusal(403, 'Code of the umbrella calls the Management API only.');
      const bearer = /^Bearer +(\S+)$/i.exec(headerOf(headers, 'authorization') ?? '')?.[1] ?? '';
      if (!sameSecret(bearer, token)) return refusal(401, 'Invalid token');
      if (now().getTime() > until) return refusal(401, 'Expired token received for JSON Web Token validation');
      const query = Object.fromEntries(path.searchParams);
      const sent = { method: method.toUpperCase(), path: found, query, body: body ? Buffer.from(body).toString() : '' };
      const answered = await api({ ...who, scopes, ...sent });
      return asJson(answered.status, answered.body);
    },
  };
}

/**
 * The address, if it is Regulars' own: just its host and port, whatever the scheme, since nothing leaves. What only looks
 * like it (another name for this machine, a user in front of the host) is the outside.
 */
function ownPath({ config }: Pick<Base, 'config'>, address: string): URL | undefined {
  if (!URL.canParse(address)) return undefined;
  const [url, own] = [new URL(address), new URL(config.url)];
  const isHttp = url.protocol === 'https:' || url.protocol === 'http:';
  const isOwn = isHttp && url.username === '' && url.password === '' && sameHost(url, own);
  return isOwn ? url : undefined;
}

function sameHost(url: URL, own: URL): boolean {
  // `https://localhost:4000` is meant where a library puts https before `auth0.domain`.
  if (url.hostname !== own.hostname) return false;
  return url.port === own.port || (url.origin !== own.origin && portOf(url) === portOf(own));
}

function portOf({ port, protocol }: URL): string {
  return port === '' ? (protocol === 'https:' ? '443' : '80') : port;
}

function headerOf(headers: CalledRequest['headers'], name: string): string | undefined {
  return headers.find(([one]) => one.toLowerCase() === name)?.[1];
}

function refusal(statusCode: number, message: string): CalledResponse {
  const error = statusCode === 401 ? 'Unauthorized' : 'Forbidden';
  return asJson(statusCode, JSON.stringify({ statusCode, error, message }));
}

function asJson(status: number, body: string): CalledResponse {
  return { status, headers: [['content-type', 'application/json; charset=utf-8']], body: Buffer.from(body) };
}
