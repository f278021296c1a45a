import type { FastifyRequest } from 'fastify';
import { errors } from 'oidc-provider';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { tokenHash } from '../../base/crypto.ts';
import { ownCallDepth } from '../../base/own-calls.ts';
import { toResource } from './audience.ts';
import type { Params } from './bridge.ts';
import type { Exchange } from './exchange.ts';
import { mfaGrants } from './mfa-grants.ts';
import { ownAudience } from './own-access.ts';
import { passwordGrants } from './password-grant.ts';
import { passwordlessGrant } from './passwordless-grant.ts';
import { notePoll, readToken, type StoredToken } from './records.ts';
import { rememberRead } from './token-records.ts';

/** How often a device may ask, in seconds. */
export const pollInterval = 5;

/** They read `audience` themselves. */
const ownGrants: readonly string[] = [...passwordGrants, passwordlessGrant, ...mfaGrants];

const mostParams = 200;
const mostCharacters = 50_000;
const noAudience = 'No audience parameter was provided, and no default audience has been configured';

/** The parameters of a POST, form or JSON: texts, and lists of texts for what was sent twice. */
export function readBody(request: FastifyRequest): Params {
  const { body } = request;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return {};
  const params: Params = {};
  for (const [name, value] of Object.entries(body)) {
    if (typeof value === 'string') params[name] = value;
    else if (Array.isArray(value) && value.every((one) => typeof one === 'string')) params[name] = value;
    else if (value !== null && value !== undefined) throw new errors.InvalidRequest(`${name} must be a string`);
  }
  return checkText(params);
}

/**
 * Refuses what no client sends and no database stores: NUL, halves of characters, whole books, and hundreds of
 * parameters (the engine's time grows with the square of their number).
 *
 * @throws InvalidRequest
 */
export function checkText(params: Params): Params {
  const isBad = (text: string) => text.includes('\0') || !text.isWellFormed();
  const texts = Object.values(params).flat();
  if (texts.length > mostParams) throw new errors.InvalidRequest('too many parameters');
  if (texts.some(isBad)) throw new errors.InvalidRequest('a parameter is not text');
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  if (length > mostCharacters) throw new errors.InvalidRequest('the request is too long');
  return params;
}

/**
 * A token request in Auth0's words as the engine understands it: `audience` becomes `resource`; a refresh asks for no
 * more than it may have; a machine names its audience; a device must not ask too often.
 */
export async function toEngineTokenRequest(base: Base, exchange: Exchange, params: Params): Promise<Params> {
  const { audience: named, ...rest } = params;
  const audience = meantAudience(base, named);
  const grantType = text(params, 'grant_type') ?? '';
  if (ownGrants.includes(grantType)) return params;
  const asked: Params =
    typeof audience === 'string' && audience !== '' ? { ...rest, resource: toResource(audience) } : rest;
  switch (grantType) {
    case 'authorization_code':
      await readAhead(base, exchange, 'AuthorizationCode', text(params, 'code'));
      return asked;
    case 'refresh_token':
      return limitScope(asked, await readAhead(base, exchange, 'RefreshToken', text(params, 'refresh_token')));
    case 'client_credentials':
      if (asked.resource === undefined) throw new errors.AccessDenied(noAudience);
      return asked;
    case 'urn:ietf:params:oauth:grant-type:device_code':
      await checkPoll(base, text(params, 'device_code'));
      return asked;
    default:
      return asked;
  }
}

/**
 * Auth0's client makes the Management API's audience of its domain, over https. Code inside of this server means this
 * server by that whatever the scheme, as it does by such an address; whoever asks from outside says the audience itself.
 */
function meantAudience(base: Base, audience: Params[string] | undefined): Params[string] | undefined {
  const isMeant = ownCallDepth() > 0 && audience === `https://${new URL(base.config.url).host}/api/v2/`;
  return isMeant ? ownAudience(base) : audience;
}

/** Reads what is to be redeemed before the engine does: with its customer, and whether its portal is open. */
async function readAhead(base: Base, exchange: Exchange, kind: string, token: string | undefined) {
  if (token === undefined) return undefined;
  const hash = tokenHash(token);
  const stored = await readToken(base, kind, hash, now());
  rememberRead(exchange, kind, hash, stored);
  if (stored?.portalIsOpen) exchange.openPortal = stored.payload.clientId;
  return stored;
}

/** Scopes that the refresh token never had are left out, as Auth0 does: SDKs repeat what they once asked for. */
function limitScope(params: Params, stored: StoredToken | undefined): Params {
  const { scope, ...rest } = params;
  if (typeof scope !== 'string' || !stored) return params;
  const had = new Set(stored.payload.scope?.split(' '));
  const kept = scope.split(' ').filter((one) => had.has(one));
  return kept.length === 0 ? rest : { ...rest, scope: kept.join(' ') };
}

async function checkPoll(base: Base, deviceCode: string | undefined): Promise<void> {
  if (deviceCode === undefined) return;
  const last = await notePoll(base.db, tokenHash(deviceCode), now());
  // A second of tolerance for clocks and networks.
  if (last && now().getTime() - last.getTime() < (pollInterval - 1) * 1000) {
    throw new errors.SlowDown('You are polling faster than the specified interval of 5 seconds.');
  }
}

function text(params: Params, name: string): string | undefined {
  const value = params[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
