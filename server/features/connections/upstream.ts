import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  getJwksCache,
} from 'openid-client';
import type { UpstreamHint } from '../../../contract/connection-options.ts';
import type { Base } from '../../base/base.ts';
import { inSeconds } from '../../base/clock.ts';
import type { NetworkConnection } from './connection.ts';
import type { Asked, Network } from './network.ts';
import { type NetworkAnswer, toAnswer } from './network-answer.ts';
import { networkOf } from './networks.ts';
import { connectionWithSecrets } from './stored-connection.ts';
import type { NetworkTokens } from './tokens.ts';
import { openClient, sessionEndOf, type UpstreamClient } from './upstream-client.ts';
import { translated } from './upstream-failure.ts';
import { openVisit, toJsonObject } from './upstream-visit.ts';

/** What calling a network needs of the base. */
export type UpstreamGround = Pick<Base, 'db' | 'settings' | 'vault' | 'outgoing' | 'log'>;

/** The single-use values of one journey to a network; they stay in the flow's row and come back from there. */
export type UpstreamTicket = {
  /** Where the network sends the customer back: the same at begin and finish. */
  redirectUri: string;
  state: string;
  nonce: string;
  /** RFC 7636: 43 to 128 characters. */
  codeVerifier: string;
  /** Whether the customer agreed that the pages they like are read; asked for only if the connection asks too. */
  readLikes: boolean;
};

type Params = URLSearchParams | Readonly<Record<string, unknown>>;
type Hints = Partial<Record<UpstreamHint, string>>;

/** What this connection asks its network to tell. `likes` only with the customer's consent. */
export function asksOf(connection: NetworkConnection): readonly Asked[] {
  return networkOf(connection).asks;
}

/**
 * The address that sends a customer to the network: code flow with state, nonce and PKCE wherever the network takes
 * them (Apple answers by POST).
 *
 * `hints` is what the portal asked for (`login_hint`, `prompt`, ...), handed on where the network understands it.
 *
 * @throws Problem `network_failed` when its metadata cannot be read
 */
export async function beginUpstream(
  base: UpstreamGround,
  connection: NetworkConnection,
  { hints = {}, ...ticket }: UpstreamTicket & { hints?: Hints },
): Promise<{ url: string }> {
  return translated(base, connection, 'begin', async () => {
    const full = await connectionWithSecrets(base, connection);
    const network = networkOf(full);
    const { config, memory } = await openClient(base, full, network);
    const challenge = network.pkce && (await calculatePKCECodeChallenge(ticket.codeVerifier));
    const scopes = askedScopes(network, ticket);
    const url = buildAuthorizationUrl(config, {
      ...network.parameters,
      ...configuredParameters(full, hints),
      ...hintsFor(network, hints),
      redirect_uri: ticket.redirectUri,
      ...(scopes.length > 0 && { scope: scopes.join(network.scopeSeparator ?? ' ') }),
      state: ticket.state,
      ...(network.idToken === 'with nonce' && { nonce: ticket.nonce }),
      ...(challenge && { code_challenge: challenge, code_challenge_method: 'S256' }),
    });
    rememberKeys(config, memory);
    return { url: url.href };
  });
}

/**
 * Takes what came back through the browser, exchanges the code and reads the profile: 5 s a call, 10 s in all.
 * Nothing is written; a network that fails leaves nothing half-done.
 *
 * `params` is the query or form of the redirect, as parsed; a parameter that came twice is refused.
 *
 * @throws Problem `network_refused` when the customer said no; `network_failed` for everything else
 */
export async function finishUpstream(
  base: UpstreamGround,
  connection: NetworkConnection,
  { params, ...ticket }: UpstreamTicket & { params: Params },
): Promise<NetworkAnswer> {
  return translated(base, connection, 'finish', async () => {
    const full = await connectionWithSecrets(base, connection);
    const network = networkOf(full);
    const came = readParams(params, network);
    const client = await openClient(base, full, network);
    const address = new URL(ticket.redirectUri);
    for (const [name, value] of came) if (name !== 'user') address.searchParams.append(name, value);
    const tokens = await authorizationCodeGrant(client.config, address, {
      expectedState: ticket.state,
      ...(network.pkce && { pkceCodeVerifier: ticket.codeVerifier }),
      ...(network.idToken === 'with nonce' && { expectedNonce: ticket.nonce }),
      ...(network.idToken !== 'none' && { idTokenExpected: true }),
    });
    rememberKeys(client.config, client.memory);
    const granted = tokens.scope?.split(/[ ,]+/).filter(Boolean) ?? askedScopes(network, ticket);
    const visit = openVisit(base, full, client, {
      accessToken: tokens.access_token,
      claims: toJsonObject(tokens.claims() ?? {}),
      params: came,
      granted: new Set(granted),
      readLikes: network.likesScope !== undefined && ticket.readLikes,
    });
    const kept: NetworkTokens = {
      access_token: tokens.access_token,
      ...(tokens.refresh_token && { refresh_token: tokens.refresh_token }),
      ...(tokens.expires_in !== undefined && { expires_at: inSeconds(tokens.expires_in).toISOString() }),
      ...(tokens.scope && { scope: tokens.scope }),
      ...(tokens.id_token && sessionEndOf(client, full) && { id_token: tokens.id_token }),
    };
    return toAnswer(full, await network.read(visit), { tokens: kept, granted });
  });
}

function askedScopes({ scopes, likesScope }: Network, ticket: UpstreamTicket): string[] {
  return likesScope !== undefined && ticket.readLikes ? [...scopes, likesScope] : [...scopes];
}

/** `upstream_params`: fixed values, and the portal's parameters under the network's names for them. */
function configuredParameters({ options }: NetworkConnection, hints: Hints): Record<string, string> {
  const found = Object.entries(options.upstream_params ?? {}).map(
    ([name, source]) => [name, 'value' in source ? source.value : hints[source.alias]] as const,
  );
  return Object.fromEntries(found.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function hintsFor(network: Network, hints: Hints): Record<string, string> {
  const known = network.hints ?? [];
  const understood = Object.entries(hints).filter(
    ([name, value]) => known.includes(name) || known.includes(`${name}=${value}`),
  );
  return Object.fromEntries(understood);
}

function readParams(params: Params, network: Network): URLSearchParams {
  const came = new URLSearchParams();
  for (const [name, value] of params instanceof URLSearchParams ? params : Object.entries(params)) {
    const values: unknown[] = Array.isArray(value) ? value : [value];
    for (const one of values) if (typeof one === 'string' && one.length <= 8192) came.append(name, one);
  }
  // RFC 9207: compared wherever the issuer is known; some networks have none to compare with.
  if (network.idToken === 'none' && !network.namesIssuer) came.delete('iss');
  return came;
}

function rememberKeys(config: Configuration, memory: UpstreamClient['memory']): void {
  const keys = getJwksCache(config);
  if (keys) memory.jwks = keys;
}
