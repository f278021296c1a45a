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

/** A connection to a network outside. */
export type NetworkConnection = { [S in NetworkStrategy]: ConnectionOf<S> }[NetworkStrategy];

/** Does this connection lead to a network outside? */
export function isNetwork(connection: Connection): connection is NetworkConnection {
  return connection.strategy !== 'auth0';
}
