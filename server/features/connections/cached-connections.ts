import type { Base } from '../../base/base.ts';
import { type Connection, isStore, type PasswordConnection } from './connection.ts';
import { readAllConnections, readOffered } from './store.ts';
import { toConnection } from './stored-connection.ts';

type Ground = Pick<Base, 'db' | 'settings'>;

/** All connections of the umbrella, the oldest first: few, so they are remembered as one. */
function all(base: Ground): Promise<{ list: Connection[]; byName: Map<string, Connection> }> {
  return base.settings.remember('connections', async () => {
    const list = (await readAllConnections(base.db)).map((row) => toConnection(row));
    return { list, byName: new Map(list.map((connection) => [connection.name, connection])) };
  });
}

/** The connection of this name, from this process's memory; at most 2 s old. */
export async function connectionByName(base: Ground, name: string): Promise<Connection | undefined> {
  return (await all(base)).byName.get(name);
}

/** The connection with this id, from this process's memory; at most 2 s old. */
export async function cachedConnection(base: Ground, id: string): Promise<Connection | undefined> {
  return (await all(base)).list.find((connection) => connection.id === id);
}

/** The connections that a portal offers, the oldest first, from this process's memory. `clientId` is a portal's. */
export async function connectionsOf(base: Ground, clientId: string): Promise<Connection[]> {
  const offered = await base.settings.remember(
    `connections-of:${clientId}`,
    async () => new Set(await readOffered(base.db, clientId)),
  );
  return (await all(base)).list.filter((connection) => offered.has(connection.id));
}

/** The password connection that a portal offers under this realm (`realm` of the password-realm grant). */
export async function connectionOfRealm(
  base: Ground,
  clientId: string,
  realm: string,
): Promise<PasswordConnection | undefined> {
  const offered = await connectionsOf(base, clientId);
  return offered.filter(isStore).find((one) => one.name === realm || one.realms.includes(realm));
}
