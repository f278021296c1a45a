import type { z } from 'zod';
import type { leaf } from '../../../contract/conditions.ts';
import type { Field, FieldType, Operator } from '../../ui/condition-fields.ts';

/** One condition, as `/api/v2/users?filter=` takes it. */
export type Leaf = { readonly attribute: string; readonly is: Operator; readonly value: Value };
type Value = z.infer<typeof leaf>['value'];

/** What can be asked of a value of this type, in words. */
export const operators: Readonly<Record<FieldType, readonly { value: Operator; label: string }[]>> = {
  text: [
    { value: 'equals', label: 'is' },
    { value: 'starts_with', label: 'begins with' },
    { value: 'contains', label: 'contains' },
    { value: 'exists', label: 'is known' },
  ],
  number: [
    { value: 'greater', label: 'is more than' },
    { value: 'less', label: 'is less than' },
    { value: 'equals', label: 'is' },
    { value: 'exists', label: 'is known' },
  ],
  set: [
    { value: 'equals', label: 'is' },
    { value: 'exists', label: 'is known' },
  ],
  boolean: [{ value: 'equals', label: 'is' }],
  instant: [
    { value: 'after', label: 'is after' },
    { value: 'before', label: 'is before' },
    { value: 'exists', label: 'is known' },
  ],
  // Drawn for a question; a list has none.
  percentage: [],
};

/** The condition of what was chosen and typed; undefined while something is missing. */
export function leafOf(field: Field | undefined, is: Operator | null, text: string): Leaf | undefined {
  if (!field || !is) return undefined;
  const { attribute, type } = field;
  if (is === 'exists') return { attribute, is, value: text !== 'no' };
  if (text.trim() === '') return undefined;
  if (type === 'boolean') return { attribute, is, value: text === 'yes' };
  if (type === 'number') return Number.isNaN(Number(text)) ? undefined : { attribute, is, value: Number(text) };
  return { attribute, is, value: text.trim() };
}

/** A condition as people read it: "Last here is after 2026-11-01". */
export function wordsOf({ attribute, is, value }: Leaf, fields: readonly Field[]): string {
  const field = fields.find((one) => one.attribute === attribute);
  const operator = operators[field?.type ?? 'text'].find((one) => one.value === is)?.label ?? is;
  const label = field?.label ?? attribute;
  if (is === 'exists') return `${label} is ${value ? '' : 'not '}known`;
  const chosen = field?.choices?.find((one) => one.value === value)?.label;
  return `${label} ${operator} ${chosen ?? (typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value))}`;
}

/** The filter of an address, if it is one. */
export function readFilter(text: unknown): Leaf[] {
  if (typeof text !== 'string' || text === '') return [];
  try {
    const parsed: unknown = JSON.parse(text);
    const leaves = typeof parsed === 'object' && parsed !== null && 'all' in parsed ? parsed.all : [];
    return Array.isArray(leaves) ? leaves.filter(isLeaf) : [];
  } catch {
    return [];
  }
}

/** As the API takes it; undefined when there is none. */
export function writeFilter(leaves: readonly Leaf[]): string | undefined {
  return leaves.length === 0 ? undefined : JSON.stringify({ all: leaves });
}

function isLeaf(value: unknown): value is Leaf {
  return (
    typeof value === 'object' &&
    value !== null &&
    'attribute' in value &&
    typeof value.attribute === 'string' &&
    'is' in value &&
    'value' in value
  );
}
