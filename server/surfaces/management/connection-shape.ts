import type { ConnectionAnswer, ListedConnection } from '../../../contract/connection-requests.ts';
import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { type Connection, enabledClientsOf } from '../../features/connections/connections.ts';

/** A connection as Auth0 shows it, without secrets. */
export async function showConnection(db: Db, connection: Connection): Promise<ConnectionAnswer> {
  const clients = await enabledClientsOf(db, [connection.id]);
  return { ...listConnection(connection), enabled_clients: clients.get(connection.id) ?? [] };
}

/** The same in a list. */
export function listConnection({ created_at: _, updated_at: __, ...connection }: Connection): ListedConnection {
  return {
    ...connection,
    options: JSON.parse(JSON.stringify(connection.options)),
    is_domain_connection: false,
    authentication: { active: true },
    connected_accounts: { active: false },
    cross_app_access_requesting_app: { active: false },
  };
}

export function noConnection(): Problem {
  return new Problem('not_found', 'The connection does not exist', { errorCode: 'inexistent_connection' });
}
