import type { Leaf } from '../../../contract/conditions.ts';
import { Problem } from '../../base/errors.ts';
import type { Field } from './field.ts';

const operators: Readonly<Record<Field['type'], readonly Leaf['is'][]>> = {
  text: ['equals', 'one_of', 'contains', 'starts_with', 'exists'],
  number: ['equals', 'one_of', 'greater', 'less', 'at_least', 'at_most', 'every', 'exists'],
  boolean: ['equals', 'exists'],
  instant: ['before', 'after', 'exists'],
  json: [
    'equals',
    'one_of',
    'contains',
    'starts_with',
    'greater',
    'less',
    'at_least',
    'at_most',
    'every',
    'before',
    'after',
    'exists',
  ],
  set: ['equals', 'one_of', 'exists'],
};

/** What a value that is compared with must be. */
const compared = { text: 'string', number: 'number', boolean: 'boolean', set: 'string' } as const;

/** Is this a question that can be asked of such a field? Problem `invalid_query` that says which can. */
export function checkLeaf({ attribute, is, value }: Leaf, { type }: Field): void {
  if (!operators[type].includes(is)) {
    throw new Problem(
      'invalid_query',
      `${attribute} cannot be asked for "${is}" (but: ${operators[type].join(', ')}).`,
    );
  }
  if ((is !== 'equals' && is !== 'one_of') || type === 'json' || type === 'instant') return;
  const values = Array.isArray(value) ? value : [value];
  if (values.some((one) => typeof one !== compared[type])) {
    throw new Problem('invalid_query', `${attribute} is compared with a ${compared[type]}.`);
  }
}
