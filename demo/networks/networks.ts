import { apple } from './apple.ts';
import type { NetworkClient } from './clients.ts';
import { applePeople, facebookPeople, githubPeople, googlePeople, xPeople } from './demo-people.ts';
import { facebook } from './facebook.ts';
import { github } from './github.ts';
import { google } from './google.ts';
import { type Network, startNetwork } from './network.ts';
import { x } from './x.ts';

const definitions = {
  google: () => google(googlePeople),
  facebook: () => facebook(facebookPeople),
  apple: () => apple(applePeople),
  x: () => x(xPeople),
  github: () => github(githubPeople),
};

export type NetworkName = keyof typeof definitions;

/** Where each network listens if nothing else is said. */
export const usualPorts: Readonly<Record<NetworkName, number>> = {
  google: 4010,
  facebook: 4011,
  apple: 4012,
  x: 4013,
  github: 4014,
};

export type Networks = Readonly<Record<NetworkName, Network>> & {
  /** All of them. */
  all: readonly Network[];
  close(): Promise<void>;
};

/**
 * Starts the five networks of the demo with their people.
 * @param options.ports `usualPorts` if left out; 0 for any free one
 * @param options.clients the apps registered at each; more by `networks.google.register(...)` later
 */
export async function startNetworks(
  options: {
    host?: string;
    ports?: Partial<Record<NetworkName, number>>;
    clients?: Partial<Record<NetworkName, readonly NetworkClient[]>>;
  } = {},
): Promise<Networks> {
  const started: Network[] = [];
  const start = async (name: NetworkName) => {
    const port = options.ports?.[name] ?? usualPorts[name];
    const network = await startNetwork(definitions[name](), {
      port,
      host: options.host,
      clients: options.clients?.[name],
    });
    started.push(network);
    return network;
  };
  const close = async () => {
    await Promise.all(started.map((network) => network.close()));
  };
  try {
    const five = {
      google: await start('google'),
      facebook: await start('facebook'),
      apple: await start('apple'),
      x: await start('x'),
      github: await start('github'),
    };
    return { ...five, all: started, close };
  } catch (error) {
    await close();
    throw error;
  }
}
