import type { Condition, Leaf } from '../../contract/conditions.ts';
import type { Field, Operator } from './condition-fields.ts';

const words: Readonly<Record<Exclude<Operator, 'exists' | 'after'>, string>> = {
  equals: 'is',
  one_of: 'is one of',
  contains: 'contains',
  starts_with: 'begins with',
  greater: 'is more than',
  less: 'is less than',
  at_least: 'is at least',
  at_most: 'is at most',
  every: 'is a multiple of',
  before: 'is before',
};

/** A condition of any depth as people read it. */
export function sentenceOf(condition: Condition, fields: readonly Field[]): string {
  if ('is' in condition) return leafWords(condition, fields);
  if ('not' in condition) {
    const { not } = condition;
    if ('is' in not && not.is === 'equals') return `${labelOf(not, fields)} is not ${valuesOf(not, fields)}`;
    return `not (${sentenceOf(not, fields)})`;
  }
  const [parts, joint] = 'all' in condition ? [condition.all, ' and '] : [condition.any, ' or '];
  return parts
    .map((part) => ('is' in part || 'not' in part ? sentenceOf(part, fields) : `(${sentenceOf(part, fields)})`))
    .join(joint);
}

function leafWords(leaf: Leaf, fields: readonly Field[]): string {
  const label = labelOf(leaf, fields);
  if (leaf.is === 'exists') return `${label} is ${leaf.value ? '' : 'not '}known`;
  if (isPercentage(leaf, fields) && (leaf.is === 'less' || leaf.is === 'at_least')) {
    return `${label} is ${leaf.is === 'less' ? '' : 'not '}among the first ${valuesOf(leaf, fields)} %`;
  }
  if (leaf.is === 'after') return `${label} is from ${valuesOf(leaf, fields)} on`;
  return `${label} ${words[leaf.is]} ${valuesOf(leaf, fields)}`;
}

function isPercentage({ attribute }: Leaf, fields: readonly Field[]): boolean {
  return fields.some((field) => field.attribute === attribute && field.type === 'percentage');
}

function labelOf({ attribute }: Leaf, fields: readonly Field[]): string {
  return fields.find((field) => field.attribute === attribute)?.label ?? attribute;
}

function valuesOf({ attribute, value }: Leaf, fields: readonly Field[]): string {
  const field = fields.find((one) => one.attribute === attribute);
  const values = [value].flat();
  return values.map((one) => valueWords(one, field)).join(' or ');
}

function valueWords(value: string | number | boolean, field: Field | undefined): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return field?.choices?.find((option) => option.value === value)?.label ?? String(value);
}
