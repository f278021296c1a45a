import { EventEmitter } from 'node:events';
import Provider, { type Client, errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { secretMatches } from '../../features/portals/portals.ts';
import { ownClaims, ownScope, toldOver } from './claims.ts';
import { configureEngine } from './engine-configuration.ts';
import { currentExchange, type Exchange, exchangeOf } from './exchange.ts';
import type { Journey } from './journey-port.ts';
import { addMfaGrants } from './mfa-grants.ts';
import { keepOwnClaims } from './own-claims.ts';
import { addPasswordGrants } from './password-grant.ts';
import { addPasswordlessGrant } from './passwordless-grant.ts';
import { finishPolicy, rememberFrame, scriptOnly } from './protocol-pages.ts';
import { readPortalIsOpen } from './records.ts';
import type { SigningKey } from './signing-keys.ts';
import { write } from './writes.ts';

/** The protocol engine with one set of keys: they are fixed when it is built. */
export type Engine = {
  readonly provider: Provider;
  /** Handles the request of an open exchange; what it answers is left in the exchange. */
  readonly handle: ReturnType<Provider['callback']>;
};

const refusals = [
  'authorization.error',
  'code_verification.error',
  'device_authorization.error',
  'device_resume.error',
  'grant.error',
  'pushed_authorization_request.error',
  'revocation.error',
  'userinfo.error',
];

/** Builds an engine that signs with the first key and verifies with all. */
export function buildEngine(base: Base, journey: Journey, keys: readonly SigningKey[]): Engine {
  const { config, vault } = base;
  const provider = new Provider(
    config.issuer,
    configureEngine(
      base,
      journey,
      keys.map((key) => key.privateJwk),
    ),
  );
  addressFromConfig(provider, config.url);

  // Portals' addresses match exactly, secrets are stored as hashes, and every ID token has its `sid`.
  const { prototype: client } = provider.Client;
  client.redirectUriAllowed = function (this: Client, address) {
    return this.redirectUris?.includes(address) === true;
  };
  client.postLogoutRedirectUriAllowed = function (this: Client, address) {
    return this.postLogoutRedirectUris?.includes(address) === true;
  };
  client.includeSid = () => true;
  client.compareClientSecret = function (this: Client, actual) {
    return secretMatches({ secret_hash: this.clientSecret ?? null }, actual, vault);
  };

  const { prototype: idToken } = provider.IdToken;
  const protocolPayload = idToken.payload;
  idToken.payload = async function () {
    const payload = await protocolPayload.call(this);
    // A logout token has no context.
    const added = this.ctx ? ownClaims(exchangeOf(this.ctx).decided?.id_token) : {};
    return toldOver(payload, added);
  };

  const { prototype: accessToken } = provider.AccessToken;
  const saveToken = accessToken.save;
  accessToken.save = async function (...how) {
    const exchange = currentExchange();
    this.scope = ownScope(this.scope, exchange.decided);
    keepOwnClaims(base, exchange, this);
    return saveToken.apply(this, how);
  };

  addPasswordGrants(base, provider, journey);
  addPasswordlessGrant(base, provider, journey);
  addMfaGrants(base, provider, journey);

  const on = EventEmitter.prototype.on.bind(provider);
  for (const name of refusals) {
    on(name, (ctx: KoaContextWithOIDC, error: Error) => {
      exchangeOf(ctx).refused = error;
    });
  }
  for (const name of ['authorization.error', 'authorization.success']) on(name, rememberFrame);
  provider.on('server_error', (ctx, fault) => {
    exchangeOf(ctx).fault = fault;
  });

  provider.use(async (ctx, next) => {
    const exchange = exchangeOf(ctx);
    // The bridge answers, not Koa.
    ctx.respond = false;
    ctx.set('content-security-policy', scriptOnly);
    try {
      await next();
      finishPolicy(ctx.response, ctx.body, exchange.framedBy);
      await settle(base, exchange);
    } catch (fault) {
      exchange.fault = fault;
    }
    exchange.answer = { status: ctx.status, body: ctx.body };
  });
  return { provider, handle: provider.callback() };
}

/** Writes what the request made; says so where nothing was written because its portal is closed. */
async function settle(base: Base, exchange: Exchange): Promise<void> {
  const { openPortal } = exchange.writes;
  exchange.won = await write(base, exchange.writes, now());
  if (exchange.won || openPortal === undefined || (await readPortalIsOpen(base, openPortal))) return;
  exchange.refused = new errors.InvalidClient();
  exchange.page = { name: 'error', model: {} };
}

/** Addresses come from the configured origin, whatever the request says of its host. */
function addressFromConfig(provider: Provider, url: string): void {
  const { host, hostname, origin, protocol } = new URL(url);
  const fixed = { host, hostname, origin, protocol: protocol.slice(0, -1), href: `${origin}/` };
  for (const [name, value] of Object.entries(fixed)) {
    Object.defineProperty(provider.request, name, { get: () => value });
  }
}
