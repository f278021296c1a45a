import type { Caller } from './caller.ts';
import { readsBehind, sees } from './sight.ts';

/** May the caller read this attribute of customers: see it, and find, filter and sort by it? */
export type MayRead = (attribute: string) => boolean;

// What is counted, or is told by scopes of its own, is no attribute of anybody.
const open = new Set('blocked brand connection created_at last_login logins_count updated_at user_id'.split(' '));

/** What this caller may find, filter and sort by, when its answer tells the value (see `readsBehind`). */
export function mayRead({ scopes, access }: Caller): MayRead {
  return (attribute) => {
    if (attribute === 'consent') return scopes.has('read:consents');
    if (attribute === 'tag') return scopes.has('read:user_tags');
    return open.has(attribute) || readsBehind(attribute).every((path) => sees(access, path));
  };
}
