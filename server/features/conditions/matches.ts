import type { Condition, Leaf } from '../../../contract/conditions.ts';
import { type Json, sameJson } from '../../base/json.ts';
import { momentPattern } from './compile.ts';

/** The value of an attribute, an instant as a `Date`, a set as its texts; undefined or null where there is none. */
export type Read = (attribute: string) => Json | Date | undefined;

/** Does the condition hold for one whose attributes these are? Means the same as the SQL of `compile`. */
export function matches(condition: Condition, read: Read): boolean {
  if ('is' in condition) return holds(condition, read(condition.attribute));
  if ('not' in condition) return !matches(condition.not, read);
  if ('all' in condition) return condition.all.every((one) => matches(one, read));
  return condition.any.some((one) => matches(one, read));
}

function holds(leaf: Leaf, value: Json | Date | undefined): boolean {
  const isThere = value !== undefined && value !== null;
  if (leaf.is === 'exists') return isThere === leaf.value;
  if (!isThere) return false;
  if (value instanceof Date) return isInTime(leaf, value);
  return (Array.isArray(value) ? value : [value]).some((item) => fits(leaf, item));
}

function isInTime({ is, value }: Leaf, instant: Date): boolean {
  const sought = new Date(String(value));
  return is === 'before' ? instant < sought : is === 'after' && instant >= sought;
}

function fits(leaf: Leaf, item: Json): boolean {
  switch (leaf.is) {
    case 'equals':
      return sameJson(item, leaf.value);
    case 'one_of':
      return leaf.value.some((one) => sameJson(item, one));
    case 'contains':
      return typeof item === 'string' && fold(item).includes(fold(leaf.value));
    case 'starts_with':
      return typeof item === 'string' && fold(item).startsWith(fold(leaf.value));
    case 'greater':
      return typeof item === 'number' && item > leaf.value;
    case 'less':
      return typeof item === 'number' && item < leaf.value;
    case 'at_least':
      return typeof item === 'number' && item >= leaf.value;
    case 'at_most':
      return typeof item === 'number' && item <= leaf.value;
    case 'every':
      return typeof item === 'number' && item > 0 && item % leaf.value === 0;
    case 'before':
      return typeof item === 'string' && isMoment.test(item) && item < leaf.value;
    case 'after':
      return typeof item === 'string' && isMoment.test(item) && item >= leaf.value;
    case 'exists':
      return true;
  }
}

const isMoment = new RegExp(momentPattern);

function fold(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
