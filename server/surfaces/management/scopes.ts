import { type Route, scopesFor } from './route.ts';

/** A scope in words: `read:users` is "Read users". */
export type Scope = { readonly value: string; readonly description: string };

/** Scopes that no operation asks for, but that show more in its answer. */
const showMore = ['read:outbox_secrets', 'read:user_idp_tokens'];

/** Of customers, about themselves: what a portal's own page asks with their token. No machine and no staff has them. */
export const scopesOfCustomers: readonly Scope[] = ['read:current_user', 'update:current_user_metadata'].map(inWords);

/** Every scope of machines and staff, in alphabetical order. */
export function scopesOf(routes: readonly Route[]): Scope[] {
  return [...new Set([...routes.flatMap(scopesFor), ...showMore])].sort().map(inWords);
}

function inWords(value: string): Scope {
  const [verb = '', noun = ''] = value.split(':');
  const words = noun.replaceAll('_', ' ');
  return { value, description: `${verb.charAt(0).toUpperCase()}${verb.slice(1)} ${words}` };
}
