import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { connectionByName, isStore, type PasswordConnection } from '../../features/connections/connections.ts';

/** The password connection of this name. Problem `invalid_body` in Auth0's words when it is none. */
export async function passwordConnection(base: Base, name: string): Promise<PasswordConnection> {
  const connection = await connectionByName(base, name);
  if (!connection) {
    throw new Problem('invalid_body', 'The connection does not exist.', { errorCode: 'inexistent_connection' });
  }
  if (isStore(connection)) return connection;
  throw new Problem(
    'invalid_body',
    'Connection does not support user creation through the API. It must either be a database or passwordless connection.',
  );
}
