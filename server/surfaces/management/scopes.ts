import { type Route, scopesFor } from './route.ts';

/** Scopes that no operation asks for, but that show more in its answer. */
const showMore = ['read:outbox_secrets', 'read:user_idp_tokens'];
/** Of customers, about themselves: what a portal's own page asks with their token. */
const ofCustomers = ['read:current_user', 'update:current_user_metadata'];

/** Every scope there is, in alphabetical order, in words: `read:users` is "Read users". */
export function scopesOf(routes: readonly Route[]): { value: string; description: string }[] {
  const values = new Set([...routes.flatMap(scopesFor), ...showMore, ...ofCustomers]);
  return [...values].sort().map((value) => {
    const [verb = '', noun = ''] = value.split(':');
    const words = noun.replaceAll('_', ' ');
    return { value, description: `${verb.charAt(0).toUpperCase()}${verb.slice(1)} ${words}` };
  });
}
