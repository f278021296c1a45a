import type { Base } from '../../../base/base.ts';
import { now } from '../../../base/clock.ts';
import { sameSecret } from '../../../base/crypto.ts';
import { secretToken } from '../../../base/ids.ts';
import { asOwnCall, ownCallDepth } from '../../../base/own-calls.ts';
import type { CalledRequest, CalledResponse } from '../../../base/sandbox/http-call.ts';
import { answerOwn, ownUrl } from '../../triggers/triggers.ts';
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
  answer(sent: CalledRequest, signal: AbortSignal): Promise<CalledResponse | undefined>;
};

/**
 * Makes the token for one run; `only` as `OwnCall` has it. What comes with another token, or to another address than the
 * Management API's, is answered as if it had come from outside.
 */
export function openOwnAccess(base: Base, who: Pick<OwnCall, 'origin' | 'only' | 'ip'>): OwnAccess {
  const token = secretToken();
  const until = now().getTime() + seconds * 1000;
  const depth = ownCallDepth();
  return {
    token,
    async answer(sent, signal) {
      const url = ownUrl(base, sent.url);
      if (url === undefined) return undefined;
      const api = ownApiOf(base);
      const path = /^\/api\/v2(\/.*)$/.exec(url.pathname)?.[1];
      const bearer = /^Bearer +(\S+)$/i.exec(headerOf(sent.headers, 'authorization') ?? '')?.[1] ?? '';
      if (!api || path === undefined || !sameSecret(bearer, token)) {
        return answerOwn(base, sent, { ip: who.ip, depth }, signal);
      }
      if (now().getTime() > until) return refusal('Expired token received for JSON Web Token validation');
      const { method, body } = sent;
      const query = Object.fromEntries(url.searchParams);
      const asked = { method: method.toUpperCase(), path, query, body: body ? Buffer.from(body).toString() : '' };
      const answered = await asOwnCall(depth, () => api({ ...who, scopes, ...asked }));
      return asJson(answered.status, answered.body);
    },
  };
}

function headerOf(headers: CalledRequest['headers'], name: string): string | undefined {
  return headers.find(([one]) => one.toLowerCase() === name)?.[1];
}

function refusal(message: string): CalledResponse {
  return asJson(401, JSON.stringify({ statusCode: 401, error: 'Unauthorized', message }));
}

function asJson(status: number, body: string): CalledResponse {
  return { status, headers: [['content-type', 'application/json; charset=utf-8']], body: Buffer.from(body) };
}
