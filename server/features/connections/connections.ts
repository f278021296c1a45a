import { actingOptions } from '../../../contract/connection-options.ts';
import { inertOptions } from '../../../contract/connection-options-inert.ts';
import type { ConnectionDraft, ConnectionPatch, EnabledClientsPatch } from '../../../contract/connections.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, isForeignKeyViolation, isUniqueViolation, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { alphanumeric } from '../../base/ids.ts';
import { type Connection, isNetwork, isStore, isText } from './connection.ts';
import { openSecrets, settleOptions } from './settle-options.ts';
import {
  type ConnectionFilter,
  type ConnectionRow,
  deleteConnection,
  insertConnection,
  lockConnection,
  offer,
  readConnection,
  readConnectionPage,
  updateConnectionRow,
  withdraw,
} from './store.ts';
import { toConnection } from './stored-connection.ts';

export { type Button, buttonOf } from './buttons.ts';
export { cachedConnection, connectionByName, connectionOfRealm, connectionsOf } from './cached-connections.ts';
export type {
  Connection,
  ConnectionOf,
  NetworkConnection,
  PasswordConnection,
  TextConnection,
} from './connection.ts';
export { learnedProfile } from './learned-profile.ts';
export type { Asked, Like } from './network.ts';
export type { NetworkAnswer } from './network-answer.ts';
export { endUpstream } from './session-end.ts';
export { readPortalPage as enabledClientsPage, readPortals as enabledClientsOf } from './store.ts';
export { type NetworkTokens, openTokens, sealTokens } from './tokens.ts';
export { asksOf, beginUpstream, finishUpstream, type UpstreamTicket } from './upstream.ts';
export { actingOptions, inertOptions, isNetwork, isStore, isText };

/** What connections need of the base. */
export type Ground = Pick<Base, 'db' | 'settings' | 'vault' | 'outgoing'>;

/** Name of the password store that every umbrella begins with. */
export const defaultPasswordConnection = 'Username-Password-Authentication';

/**
 * Makes a connection.
 *
 * @throws Problem `already_exists` when the name is taken; `invalid_body` naming an option or a portal that is wrong
 */
export async function createConnection(base: Ground, draft: ConnectionDraft): Promise<Connection> {
  // Portals ask for it by this very name, as at Auth0; so there is one.
  if ((draft.strategy === 'sms') !== (draft.name === 'sms')) {
    throw new Problem('invalid_body', 'A connection of the strategy sms is named sms, and no other one is.');
  }
  const settled = await settleOptions(base, draft.strategy, draft.options ?? {});
  return transact(base.db, async (tx) => {
    const columns = {
      name: draft.name,
      strategy: draft.strategy,
      display_name: draft.display_name ?? null,
      ...settled,
      show_as_button: draft.show_as_button ?? true,
      realms: draft.realms?.length ? draft.realms : [draft.name],
      metadata: JSON.stringify(draft.metadata ?? {}),
    };
    const row = await insertConnection(tx, `con_${alphanumeric(16)}`, columns, now()).catch((error: unknown) => {
      if (!isUniqueViolation(error)) throw error;
      throw new Problem('already_exists', 'A connection with the same name already exists');
    });
    await offerTo(tx, row.id, draft.enabled_clients ?? []);
    await base.settings.changed(tx);
    return toConnection(row);
  });
}

/** The connection with this id, from the database. */
export async function getConnection(db: Db, id: string): Promise<Connection | undefined> {
  const row = await readConnection(db, { id });
  return row && toConnection(row);
}

/** Connections, the oldest first, with how many there are in all. `after`: the last one of the page before. */
export async function listConnections(
  db: Db,
  filter: ConnectionFilter,
  page: { limit: number; offset?: number; after?: { created_at: Date; id: string } | undefined },
): Promise<{ connections: Connection[]; total: number }> {
  const { rows, total } = await readConnectionPage(db, filter, page);
  return { connections: rows.map((row) => toConnection(row)), total };
}

/**
 * Changes what the patch names. `options` are replaced as a whole, but a secret that they leave out stays. `check` is
 * called in the same transaction with the connection as it is before, and may throw.
 *
 * @throws Problem `not_found`; `invalid_body` naming an option or a portal that is wrong
 */
export async function updateConnection(
  base: Ground,
  id: string,
  patch: ConnectionPatch,
  check: (tx: Db, connection: Connection) => Promise<void> = async () => undefined,
): Promise<Connection> {
  return transact(base.db, async (tx) => {
    const row = await locked(tx, id);
    const known = toConnection(row);
    await check(tx, known);
    const { strategy } = known;
    const settled = patch.options
      ? await settleOptions(base, strategy, patch.options, {
          options: row.options,
          secrets: openSecrets(base.vault, row.secrets),
        })
      : { options: JSON.stringify(row.options), secrets: row.secrets };
    const columns = {
      display_name: patch.display_name ?? row.display_name,
      ...settled,
      show_as_button: patch.show_as_button ?? row.show_as_button,
      realms: patch.realms ? (patch.realms.length > 0 ? patch.realms : [row.name]) : row.realms,
      metadata: JSON.stringify(patch.metadata ?? row.metadata),
    };
    const changed = await updateConnectionRow(tx, id, columns, now());
    if (patch.enabled_clients) {
      await withdraw(tx, id, { allBut: patch.enabled_clients });
      await offerTo(tx, id, patch.enabled_clients);
    }
    await base.settings.changed(tx);
    return toConnection(changed);
  });
}

/**
 * Turns a connection on or off for single portals.
 *
 * @throws Problem `not_found`; `invalid_body` naming a portal that there is not
 */
export async function setEnabledClients(base: Ground, id: string, changes: EnabledClientsPatch): Promise<void> {
  await transact(base.db, async (tx) => {
    await locked(tx, id);
    const status = new Map(changes.map((change) => [change.client_id, change.status]));
    const [on, off] = [true, false].map((wanted) => [...status.keys()].filter((key) => status.get(key) === wanted));
    await withdraw(tx, id, { from: off ?? [] });
    await offerTo(tx, id, on ?? []);
    await base.settings.changed(tx);
  });
}

/**
 * Removes a connection. `settle` is called in the same transaction before: it deals with the identities that came
 * from there (a later connection of the same name must never inherit them) or throws.
 *
 * @throws Problem `not_found`
 */
export async function removeConnection(
  base: Ground,
  id: string,
  settle: (tx: Db, connection: Connection) => Promise<void>,
): Promise<void> {
  await transact(base.db, async (tx) => {
    await settle(tx, toConnection(await locked(tx, id)));
    await deleteConnection(tx, id);
    await base.settings.changed(tx);
  });
}

async function locked(tx: Db, id: string): Promise<ConnectionRow> {
  const row = await lockConnection(tx, id);
  if (!row) throw new Problem('not_found', 'The connection does not exist');
  return row;
}

async function offerTo(tx: Db, id: string, clientIds: readonly string[]): Promise<void> {
  await offer(tx, id, clientIds).catch((error: unknown) => {
    if (!isForeignKeyViolation(error)) throw error;
    throw new Problem('invalid_body', 'enabled_clients names a client that does not exist');
  });
}
