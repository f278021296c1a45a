import { networkNames } from '../../../contract/library-values.ts';
import type { Identity, User } from './api.ts';

const networks: ReadonlyMap<string, string> = new Map([...networkNames, ['auth0', 'Password or code']]);

/** Where an identity comes from, as people call it; a connection of the company's own by its name. */
export function networkName({ provider, connection }: Pick<Identity, 'provider' | 'connection'>): string {
  return networks.get(provider) ?? connection;
}

/** What a customer is called where nothing better is known. */
export function nameOf({ name, email, phone_number, username, user_id }: User): string {
  return name || email || phone_number || username || user_id;
}
