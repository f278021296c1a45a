import { day, moment, whole } from '../../ui/words.ts';
import type { Attribute, User } from './api.ts';
import { textOf } from './values.ts';

/** A column of the list: how it is called, and what it says of a customer. */
export type Column = {
  readonly id: string;
  readonly label: string;
  readonly text: (user: User) => string;
  readonly numbers?: boolean;
  /** What the API sorts by. */
  readonly sort?: string;
};

const fixed: readonly Column[] = [
  { id: 'email', label: 'E-mail address', text: ({ email }) => email ?? '–', sort: 'email' },
  { id: 'phone_number', label: 'Phone number', text: ({ phone_number }) => phone_number ?? '–' },
  { id: 'last_login', label: 'Last here', text: ({ last_login }) => day(last_login) ?? 'never' },
  {
    id: 'logins_count',
    label: 'Sign-ins',
    text: ({ logins_count }) => whole(logins_count ?? 0),
    numbers: true,
  },
  { id: 'created_at', label: 'Since', text: ({ created_at }) => day(created_at) ?? '', sort: 'created_at' },
  { id: 'updated_at', label: 'Changed', text: ({ updated_at }) => moment(updated_at) ?? '' },
  { id: 'user_id', label: 'Id', text: ({ user_id }) => user_id },
];

/** What is shown to whoever has not chosen. */
export const usualColumns: readonly string[] = ['email', 'last_login', 'logins_count', 'created_at'];

/** All columns that can be chosen: what every customer has, and what the catalogue names. */
export function columnsOf(catalogue: readonly Attribute[]): Column[] {
  const taken = new Set(fixed.map(({ id }) => id));
  const listed = catalogue
    .filter(({ path }) => !taken.has(path) && path !== 'name' && path !== 'picture')
    .map(({ path, labels, type }) => ({
      id: path,
      label: labels.en ?? path,
      text: (user: User) => textOf(valueAt(user, path), type) || '–',
    }));
  return [...fixed, ...listed];
}

function valueAt(user: User, path: string): unknown {
  const dot = path.indexOf('.');
  if (dot < 0) return user[path];
  const place = user[path.slice(0, dot)];
  if (typeof place !== 'object' || place === null) return undefined;
  return Object.entries(place).find(([key]) => key === path.slice(dot + 1))?.[1];
}
