import Provider, { type Adapter, type AdapterPayload } from 'oidc-provider';
import type { Base } from '../../base/base.ts';
import { inSeconds, now } from '../../base/clock.ts';
import { tokenHash } from '../../base/crypto.ts';
import { only, seconds } from './adapter-verbs.ts';
import { isJwt, readBearer } from './bearer.ts';
import { currentExchange as current, type Exchange, rememberGrant } from './exchange.ts';
import { lifetimes } from './lifetimes.ts';
import { readToken, readTokenByUserCode, type StoredToken } from './records.ts';
import { hashOf, toHandle } from './token-handles.ts';

// Two tabs, or a retry, may present a token at the same moment: the later one is refused, but that is no theft.
const quietSeconds = 5;

/** Codes, refresh tokens, opaque access tokens, device codes and pushed requests: by hash, without the token inside. */
export function tokenRecords(base: Base, kind: string): Adapter {
  return only({
    async find(id) {
      const exchange = current();
      if (kind === 'AccessToken' && isJwt(id)) return readSelfContained(base, exchange, id);
      const hash = hashOf(id, isResuming());
      const stored = await rememberToken(exchange, kind, hash, () => readToken(base, kind, hash, now()));
      return stored && toPayload(exchange, kind, id, stored);
    },
    async findByUserCode(userCode) {
      const stored = await readTokenByUserCode(base, base.vault.keyedHash('user_code', userCode), now());
      if (!stored) return undefined;
      return { ...toPayload(current(), kind, toHandle(stored.hash), stored), userCode };
    },
    async upsert(id, { jti: _, userCode, ...payload }, expiresIn = 0) {
      const row = {
        // Ids that the engine made, or handles that we made.
        hash: hashOf(id, true),
        kind,
        grantId: payload.grantId ?? null,
        portal: payload.clientId ?? null,
        payload,
        userCodeHash: userCode === undefined ? null : base.vault.keyedHash('user_code', userCode),
        expiresAt: inSeconds(kind === 'PushedAuthorizationRequest' ? lifetimes.PushedRequest : expiresIn),
      };
      const { tokens } = current().writes;
      const earlier = tokens.findIndex((other) => other.hash.equals(row.hash));
      if (earlier === -1) tokens.push(row);
      else tokens[earlier] = row;
    },
    async consume(id) {
      const { writes, portal, signIn } = current();
      const leewaySeconds = kind === 'RefreshToken' ? portal?.settings.refresh_token.leeway : undefined;
      if (kind === 'AuthorizationCode' && signIn) writes.finished = { subject: signIn.subject, signIn: signIn.id };
      writes.takes.push({ token: hashOf(id, isResuming()), leewaySeconds });
    },
    async destroy(id) {
      current().writes.endedTokens.push({ token: hashOf(id, isResuming()) });
    },
    async revokeByGrantId(grantId) {
      current().writes.endedTokens.push({ grant: grantId, kind });
    },
  });
}

/** Puts a token that was read beforehand where the engine will look for it. */
export function rememberRead(exchange: Exchange, kind: string, hash: Buffer, stored: StoredToken | undefined): void {
  exchange.tokens.set(`${kind}:${hash.toString('hex')}`, stored);
}

async function rememberToken(
  exchange: Exchange,
  kind: string,
  hash: Buffer,
  read: () => Promise<StoredToken | undefined>,
): Promise<StoredToken | undefined> {
  const key = `${kind}:${hash.toString('hex')}`;
  if (!exchange.tokens.has(key)) exchange.tokens.set(key, await read());
  return exchange.tokens.get(key);
}

/** What the engine gets to see, with the id as it was presented; undefined: as if it were not there. */
function toPayload(exchange: Exchange, kind: string, id: string, stored: StoredToken): AdapterPayload | undefined {
  const { payload, grant, consumedAt, expiresAt } = stored;
  const use = usedBefore(exchange, kind, consumedAt);
  if (use === 'just now') return undefined;
  if (use === 'long ago' && grant) exchange.reused = kind;
  if (grant) {
    rememberGrant(exchange, grant);
    exchange.read.set(`Grant:${grant.id}`, { ...grant.payload, jti: grant.id, exp: seconds(grant.expiresAt) });
  }
  const { consumed: _, ...rest } = payload;
  return {
    ...rest,
    jti: id,
    exp: seconds(expiresAt),
    ...(use === 'long ago' && consumedAt ? { consumed: seconds(consumedAt) } : {}),
  };
}

function usedBefore(exchange: Exchange, kind: string, consumedAt: Date | null): 'no' | 'just now' | 'long ago' {
  if (consumedAt === null) return 'no';
  const age = (now().getTime() - consumedAt.getTime()) / 1000;
  const leeway = kind === 'RefreshToken' ? (exchange.portal?.settings.refresh_token.leeway ?? 0) : 0;
  if (age <= leeway) return 'no';
  return age <= quietSeconds ? 'just now' : 'long ago';
}

/** Does the engine go on with a flow of ours? Then handles come from its row. */
function isResuming(): boolean {
  const route = Provider.ctx?.oidc.route;
  return route === 'resume' || route === 'device_resume' || route === 'code_verification';
}

/** A JWT is stored nowhere: what the engine wants to find is in it, its grant, too. */
async function readSelfContained(base: Base, exchange: Exchange, token: string): Promise<AdapterPayload | undefined> {
  const found = await readBearer(base, token);
  if (!found) return undefined;
  const { bearer, ownClaims } = found;
  exchange.ownClaims = ownClaims;
  const { userId: accountId, clientId, issuedAt: iat, expiresAt: exp, jkt } = bearer;
  const scope = [...bearer.scopes].join(' ');
  const grantId = `jwt:${tokenHash(token).toString('hex')}`;
  const about = { accountId, clientId, iat, exp };
  exchange.read.set(`Grant:${grantId}`, { ...about, kind: 'Grant', jti: grantId, openid: { scope } });
  return { ...about, kind: 'AccessToken', jti: grantId, grantId, scope, ...(jkt === undefined ? {} : { jkt }) };
}
