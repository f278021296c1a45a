import type { Leaf } from '../../contract/conditions.ts';

export type Operator = Leaf['is'];
/** `percentage`: a place from 0 to 100. */
export type FieldType = 'text' | 'number' | 'boolean' | 'instant' | 'set' | 'percentage';
export type Choice = { readonly value: string; readonly label: string };

/** Something that a condition can look at. */
export type Field = {
  readonly attribute: string;
  readonly label: string;
  readonly type: FieldType;
  /** Among what it is listed. */
  readonly group?: string;
  /** What can be chosen; where there is nothing, it is typed. */
  readonly choices?: readonly Choice[];
};

type Listed = {
  readonly path: string;
  readonly type: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly choices?: readonly { readonly value: string; readonly labels: Readonly<Record<string, string>> }[] | null;
};

const group = 'The customer';

/** What there is of a customer besides the catalogue. */
const known: readonly Field[] = [
  { group, attribute: 'last_login', label: 'Last here', type: 'instant' },
  { group, attribute: 'created_at', label: 'Customer since', type: 'instant' },
  { group, attribute: 'logins_count', label: 'Sign-ins', type: 'number' },
  { group, attribute: 'email_verified', label: 'E-mail address verified', type: 'boolean' },
  { group, attribute: 'blocked', label: 'Blocked', type: 'boolean' },
  { group, attribute: 'brand', label: 'Was at the brand', type: 'set' },
  { group, attribute: 'connection', label: 'Signs in by', type: 'set' },
  { group, attribute: 'consent', label: 'Allows', type: 'set' },
  { group, attribute: 'tag', label: 'Tag', type: 'set' },
];

const types: Readonly<Record<string, FieldType>> = { number: 'number', boolean: 'boolean', date: 'instant' };

/**
 * Everything that customers can be picked by, as far as the catalogue tells.
 *
 * @param offered what can be chosen of what is no attribute of the catalogue: `brand`, `connection`, `consent`
 */
export function customerFields(
  catalogue: readonly Listed[],
  offered: Readonly<Record<string, readonly Choice[]>>,
): Field[] {
  const listed = catalogue.map(({ path, labels, type, choices }) => ({
    group: 'Attributes',
    attribute: path,
    label: labels.en ?? path,
    type: types[type] ?? 'text',
    choices: (choices ?? []).map((one) => ({ value: one.value, label: one.labels.en ?? one.value })),
  }));
  return [...known.map((field) => ({ ...field, choices: offered[field.attribute] ?? [] })), ...listed];
}
