import type { Identity, User } from './api.ts';

const networks: Readonly<Record<string, string>> = {
  auth0: 'Password or code',
  amazon: 'Amazon',
  apple: 'Apple',
  facebook: 'Facebook',
  github: 'GitHub',
  'google-oauth2': 'Google',
  linkedin: 'LinkedIn',
  twitter: 'X',
  windowslive: 'Microsoft',
};

/** Where an identity comes from, as people call it; a connection of the company's own by its name. */
export function networkName({ provider, connection }: Pick<Identity, 'provider' | 'connection'>): string {
  return networks[provider] ?? connection;
}

/** What a customer is called where nothing better is known. */
export function nameOf({ name, email, phone_number, username, user_id }: User): string {
  return name || email || phone_number || username || user_id;
}
