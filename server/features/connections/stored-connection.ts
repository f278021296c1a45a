import { z } from 'zod';
import { type Strategy, strategy } from '../../../contract/connection-options.ts';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { buttonOf } from './buttons.ts';
import { type Connection, type ConnectionOf, isNetwork, type NetworkConnection } from './connection.ts';
import { openSecrets, type Secrets, storedOptions } from './settle-options.ts';
import { type ConnectionRow, readConnection } from './store.ts';

const metadata = z.record(z.string(), z.string());

/** The same connection with its secrets in the options, for calling its network; never handed out. */
export async function connectionWithSecrets(
  base: Pick<Base, 'db' | 'settings' | 'vault'>,
  connection: NetworkConnection,
): Promise<NetworkConnection> {
  // What is remembered is the ciphertext.
  const row = await base.settings.remember(`connection-row:${connection.id}`, () =>
    readConnection(base.db, { id: connection.id }),
  );
  const full = row && toConnection(row, openSecrets(base.vault, row.secrets));
  if (!full || !isNetwork(full)) throw new Problem('not_found', 'The connection does not exist');
  return full;
}

/** A row as a connection; with its secrets in the options only where they are given. */
export function toConnection(row: ConnectionRow, secrets: Secrets = {}): Connection {
  const build: { [S in Strategy]: () => ConnectionOf<S> } = {
    auth0: () => fill(row, 'auth0', secrets),
    sms: () => fill(row, 'sms', secrets),
    'google-oauth2': () => fill(row, 'google-oauth2', secrets),
    facebook: () => fill(row, 'facebook', secrets),
    apple: () => fill(row, 'apple', secrets),
    twitter: () => fill(row, 'twitter', secrets),
    github: () => fill(row, 'github', secrets),
    linkedin: () => fill(row, 'linkedin', secrets),
    windowslive: () => fill(row, 'windowslive', secrets),
    amazon: () => fill(row, 'amazon', secrets),
    oidc: () => fill(row, 'oidc', secrets),
    oauth2: () => fill(row, 'oauth2', secrets),
  };
  return build[strategy.parse(row.strategy)]();
}

function fill<S extends Strategy>(row: ConnectionRow, name: S, secrets: Secrets): ConnectionOf<S> {
  return {
    id: row.id,
    name: row.name,
    strategy: name,
    display_name: row.display_name ?? buttonOf({ strategy: name, name: row.name }).label,
    options: storedOptions(name, row.options, secrets),
    show_as_button: row.show_as_button,
    realms: row.realms,
    metadata: metadata.parse(row.metadata),
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
