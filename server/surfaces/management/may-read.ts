import type { Caller } from './caller.ts';
import { readsBehind, sees } from './sight.ts';

/** May the caller read this attribute of customers: see it, and find, filter and sort by it? */
export type MayRead = (attribute: string) => boolean;

// What is counted, or is told by scopes of its own, is no attribute of anybody.
const open = new Set([
  ...['blocked', 'brand', 'connection', 'created_at', 'last_login', 'logins_count', 'updated_at', 'user_id'],
  ...['number', 'portal', 'brand', 'connection', 'language', 'device', 'hour'].map((one) => `sign_in.${one}`),
  ...['sign_in.days_since_sign_up', 'sign_in.days_since_question', 'question.percentage'],
]);

// What is worked out of an attribute.
const madeFrom: Readonly<Record<string, string>> = {
  'birthday.month': 'birthdate',
  'birthday.months_away': 'birthdate',
  'sign_in.country': 'last_ip',
};

/** What this caller may find, filter and sort by, when its answer tells the value (see `readsBehind`). */
export function mayRead({ scopes, access }: Caller): MayRead {
  return (attribute) => {
    if (attribute === 'consent') return scopes.has('read:consents');
    if (attribute === 'tag') return scopes.has('read:user_tags');
    return open.has(attribute) || readsBehind(madeFrom[attribute] ?? attribute).every((path) => sees(access, path));
  };
}
