import type { NetworkStrategy } from '../../contract/connection-options.ts';
import type { JsonObject } from '../../server/base/json.ts';
import type { NetworkClient } from '../networks/clients.ts';
import type { NetworkName } from '../networks/networks.ts';

/** Meridian's app at one simulated network, and what its connection asks for. */
type App = { readonly strategy: NetworkStrategy; readonly clientId: string; readonly options: JsonObject };

const apple = { team_id: 'MERIDIAN01', kid: 'MERIDIANK1' } as const;

/** The connection of each network is named after its strategy. */
export const apps: Readonly<Record<NetworkName, App>> = {
  google: {
    strategy: 'google-oauth2',
    clientId: 'meridian.apps.googleusercontent.example',
    options: { birthday: true, gender: true },
  },
  facebook: {
    strategy: 'facebook',
    clientId: '620417730551902',
    options: { user_birthday: true, user_gender: true, user_likes: true },
  },
  apple: { strategy: 'apple', clientId: 'example.meridian.signin', options: apple },
  x: { strategy: 'twitter', clientId: 'bWVyaWRpYW46MTpjaQ', options: {} },
  github: { strategy: 'github', clientId: 'Iv23liMeridianDemo01', options: {} },
};

export const networkNames: readonly NetworkName[] = ['google', 'facebook', 'apple', 'x', 'github'];

/** Options of the connection that points at the network at `origin`. */
export function connectionOptions(network: NetworkName, origin: string, secret: string): JsonObject {
  const { clientId, options } = apps[network];
  const key = network === 'apple' ? 'app_secret' : 'client_secret';
  return { client_id: clientId, [key]: secret, origin, ...options };
}

/** The same app as the network has it in its books. */
export function networkClient(network: NetworkName, redirectUri: string, secret: string): NetworkClient {
  return {
    clientId: apps[network].clientId,
    clientSecret: secret,
    redirectUris: [redirectUri],
    name: 'Meridian',
    ...(network === 'apple' ? { teamId: apple.team_id, keyId: apple.kid } : {}),
  };
}
