import { generateKeyPairSync } from 'node:crypto';
import type { NetworkStrategy } from '../contract/connection-options.ts';
import type { NetworkClient } from '../demo/networks/clients.ts';
import type { NetworkDefinition } from '../demo/networks/definition.ts';
import { type Network, startNetwork } from '../demo/networks/network.ts';
import { type Choice, openVisitor } from '../demo/networks/visitor.ts';
import type { Base } from '../server/base/base.ts';
import { secretToken } from '../server/base/ids.ts';
import type { JsonObject } from '../server/base/json.ts';
import { readOutgoingHosts, writeOutgoingHosts } from '../server/base/outgoing-hosts.ts';
import {
  beginUpstream,
  createConnection,
  finishUpstream,
  isNetwork,
  type NetworkAnswer,
  type NetworkConnection,
  type UpstreamTicket,
} from '../server/features/connections/connections.ts';

/** The parameters that came back to the redirect address. */
export type CameBack = Readonly<Record<string, string>>;

/** A simulated network, the connection to it, and somebody who signs in there. */
export type Trial = {
  network: Network;
  connection: NetworkConnection;
  /** New single-use values, as a flow keeps them. */
  ticket(readLikes?: boolean): UpstreamTicket;
  /** Sends somebody to the network; gives what the browser brings back. */
  leave(choice: Choice, ticket: UpstreamTicket): Promise<CameBack>;
  /** The whole way: there, agree, back, profile read. */
  signIn(choice: Choice, more?: { readLikes?: boolean }): Promise<NetworkAnswer>;
  close(): Promise<void>;
};

const appKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });

/** Apple's further options for the app that `startTrial` registers. */
export const appleOptions = { team_id: 'TEAM123456', kid: 'KEY1234567', app_secret: String(appKey) };

/**
 * Starts a network, allows it as one of the umbrella's own hosts, registers the app there and makes a connection.
 *
 * @param options the connection's options, given the network's origin; client id and secret are added
 */
export async function startTrial(
  base: Base,
  definition: NetworkDefinition,
  strategy: NetworkStrategy,
  options: (origin: string) => JsonObject = (origin) => ({ origin }),
): Promise<Trial> {
  const redirectUri = `${base.config.issuer}login/callback`;
  const isApple = strategy === 'apple';
  const app: NetworkClient = {
    clientId: `app-${strategy}`,
    clientSecret: isApple ? appleOptions.app_secret : `a secret: with % and ${secretToken(6)}`,
    redirectUris: [redirectUri],
    name: 'Lumière',
    ...(isApple && { teamId: appleOptions.team_id, keyId: appleOptions.kid }),
  };
  const network = await startNetwork(definition, { clients: [app] });
  const hosts = await readOutgoingHosts(base.db);
  await writeOutgoingHosts(base.db, base.settings, [...hosts, new URL(network.origin).host]);
  await base.settings.refresh();
  const connection = await createConnection(base, {
    name: `${strategy}-${secretToken(4).replace(/\W/g, '0')}`,
    strategy,
    options: {
      client_id: app.clientId,
      ...(isApple ? appleOptions : { client_secret: app.clientSecret }),
      ...options(network.origin),
    },
  });
  await base.settings.refresh();
  if (!isNetwork(connection)) throw new Error('a password connection leads nowhere');

  const ticket = (readLikes = false): UpstreamTicket => ({
    redirectUri,
    state: secretToken(),
    nonce: secretToken(),
    codeVerifier: secretToken(),
    readLikes,
  });
  const leave = async (choice: Choice, values: UpstreamTicket) => {
    const { url } = await beginUpstream(base, connection, values);
    const landing = await openVisitor().visit(url, choice);
    if (landing.kind === 'page') throw new Error(`the visit ended at a page: ${landing.html}`);
    return landing.fields;
  };
  return {
    network,
    connection,
    ticket,
    leave,
    async signIn(choice, { readLikes = false } = {}) {
      const values = ticket(readLikes);
      return finishUpstream(base, connection, { ...values, params: await leave(choice, values) });
    },
    close: () => network.close(),
  };
}

/** What an answer tells, by path. */
export function toldBy(answer: NetworkAnswer): Record<string, string> {
  return Object.fromEntries(answer.profile.map(({ path, value }) => [path, value]));
}
