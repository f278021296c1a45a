import { day, moment, whole } from '../../ui/words.ts';
import type { Attribute, User } from './api.ts';
import { valueAt } from './value-at.ts';
import { textAt } from './value-text.ts';

/** A column of the list: how it is called, and what it says of a customer. */
export type Column = {
  readonly id: string;
  readonly label: string;
  readonly text: (user: User) => string;
  readonly numbers?: boolean;
  /** What the API sorts by. */
  readonly sort?: string;
  /** Is the last of an order what is looked for first? Names are read from A. */
  readonly newestFirst?: boolean;
};

const fixed: readonly Column[] = [
  { id: 'email', label: 'E-mail address', text: ({ email }) => email ?? '–', sort: 'email' },
  { id: 'phone_number', label: 'Phone number', text: ({ phone_number }) => phone_number ?? '–' },
  {
    id: 'last_login',
    label: 'Last here',
    text: ({ last_login }) => day(last_login) ?? 'never',
    sort: 'last_login',
    newestFirst: true,
  },
  {
    id: 'logins_count',
    label: 'Sign-ins',
    text: ({ logins_count }) => whole(logins_count ?? 0),
    numbers: true,
  },
  {
    id: 'created_at',
    label: 'Since',
    text: ({ created_at }) => day(created_at) ?? '',
    sort: 'created_at',
    newestFirst: true,
  },
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
    .map(({ path, labels, type, choices }) => ({
      id: path,
      label: labels.en ?? path,
      text: (user: User) => textAt(path, valueAt(user, path), { type, choices }) || '–',
    }));
  return [...fixed, ...listed];
}

/** What a column says in a file: the whole value as it is, for other programs to read. */
export function valueIn({ id }: Column, user: User): string | number | boolean | undefined {
  const value = valueAt(user, id);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join('; ');
  return value === undefined || value === null ? undefined : JSON.stringify(value);
}
