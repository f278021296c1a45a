import type { NetworkStrategy, OptionsOf, Strategy } from '../../../contract/connection-options.ts';

/** Where identities come from, of one strategy. */
export type ConnectionOf<S extends Strategy> = {
  /** `con_` and 16 letters or digits. */
  id: string;
  /** Stands in identities and `user_id`s; never changes. */
  name: string;
  strategy: S;
  /** As pages and the API show it. */
  display_name: string;
  /** Those that act, defaults filled in, without secrets. */
  options: OptionsOf<S>;
  show_as_button: boolean;
  /** Names under which the password-realm grant finds it. */
  realms: string[];
  metadata: Record<string, string>;
  created_at: Date;
  updated_at: Date;
};

/** Where identities come from. `connection.strategy` tells which options it has. */
export type Connection = { [S in Strategy]: ConnectionOf<S> }[Strategy];

/** A connection that keeps passwords here. */
export type PasswordConnection = ConnectionOf<'auth0'>;

/** The connection whose customers come by a code in a text message. */
export type TextConnection = ConnectionOf<'sms'>;

/** A connection to a network outside. */
export type NetworkConnection = { [S in NetworkStrategy]: ConnectionOf<S> }[NetworkStrategy];

/** Does this connection lead to a network outside? */
export function isNetwork(connection: Connection): connection is NetworkConnection {
  return !isStore(connection) && !isText(connection);
}

/** Does this connection keep passwords here? */
export function isStore(connection: Connection): connection is PasswordConnection {
  return connection.strategy === 'auth0';
}

/** Do customers come through this connection by a code in a text message? */
export function isText(connection: Connection): connection is TextConnection {
  return connection.strategy === 'sms';
}
