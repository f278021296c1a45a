import type { Condition, Leaf } from '../../contract/conditions.ts';
import type { Field, FieldType, Operator } from './condition-fields.ts';
import { Refused } from './refused.ts';

/** One line of a condition while it is written: what is typed stays text until it is saved. */
export type DraftLine = { readonly attribute: string; readonly is: DraftOperator; readonly text: string };
/** `unknown`: it is not known. */
export type DraftOperator = Operator | 'unknown' | 'differs';
/** Lines that are joined among themselves. `none`: none of them may hold. */
export type DraftGroup = { readonly joint: 'all' | 'any' | 'none'; readonly lines: readonly DraftLine[] };
export type DraftPart = DraftLine | DraftGroup;
/** A condition as the builder shows it: lines, and groups of lines. */
export type ConditionDraft = { readonly joint: 'all' | 'any'; readonly parts: readonly DraftPart[] };

export const nothingAsked: ConditionDraft = { joint: 'all', parts: [] };

const known = [
  { value: 'exists', label: 'is known' },
  { value: 'unknown', label: 'is not known' },
] as const;

/** What can be asked of a value of this type, in words. */
export const draftOperators: Readonly<Record<FieldType, readonly { value: DraftOperator; label: string }[]>> = {
  text: [
    { value: 'equals', label: 'is' },
    { value: 'differs', label: 'is not' },
    { value: 'one_of', label: 'is one of' },
    { value: 'starts_with', label: 'begins with' },
    { value: 'contains', label: 'contains' },
    ...known,
  ],
  number: [
    { value: 'at_least', label: 'is at least' },
    { value: 'at_most', label: 'is at most' },
    { value: 'equals', label: 'is' },
    { value: 'differs', label: 'is not' },
    { value: 'greater', label: 'is more than' },
    { value: 'less', label: 'is less than' },
    { value: 'every', label: 'is every n-th: n =' },
    { value: 'one_of', label: 'is one of' },
    ...known,
  ],
  set: [
    { value: 'equals', label: 'is' },
    { value: 'differs', label: 'is not' },
    { value: 'one_of', label: 'is one of' },
    ...known,
  ],
  boolean: [{ value: 'equals', label: 'is' }, ...known],
  percentage: [
    { value: 'less', label: 'is among the first, in %' },
    { value: 'at_least', label: 'is not among the first, in %' },
  ],
  instant: [{ value: 'after', label: 'is from this day on' }, { value: 'before', label: 'is before' }, ...known],
};

/** Is a value asked for? */
export function wantsValue(is: DraftOperator): boolean {
  return is !== 'exists' && is !== 'unknown';
}

/** A condition to be edited; undefined: it goes deeper than the builder shows. */
export function draftOf(condition: Condition | null): ConditionDraft | undefined {
  if (condition === null) return nothingAsked;
  const [joint, parts] =
    'all' in condition
      ? (['all', condition.all] as const)
      : 'any' in condition
        ? (['any', condition.any] as const)
        : (['all', [condition]] as const);
  const drafts = parts.map(partOf);
  return drafts.every((part) => part !== undefined) ? { joint, parts: drafts } : undefined;
}

function partOf(condition: Condition): DraftPart | undefined {
  const line = lineOf(condition);
  if (line) return line;
  if ('all' in condition) return groupOf('all', condition.all);
  if ('any' in condition) return groupOf('any', condition.any);
  if ('is' in condition) return undefined;
  const { not } = condition;
  return 'any' in not ? groupOf('none', not.any) : groupOf('none', [not]);
}

function groupOf(joint: DraftGroup['joint'], parts: readonly Condition[]): DraftGroup | undefined {
  const lines = parts.map(lineOf);
  return lines.every((line) => line !== undefined) ? { joint, lines } : undefined;
}

function lineOf(condition: Condition): DraftLine | undefined {
  if ('is' in condition) {
    const { attribute, is, value } = condition;
    if (is === 'exists') return { attribute, is: value ? 'exists' : 'unknown', text: '' };
    return { attribute, is, text: textOf(value) };
  }
  // "is not" is the one negation that reads better as a line than as a group.
  if ('not' in condition && 'is' in condition.not && condition.not.is === 'equals') {
    return { attribute: condition.not.attribute, is: 'differs', text: textOf(condition.not.value) };
  }
  return undefined;
}

function textOf(value: Leaf['value']): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/**
 * The condition of what was chosen and typed; null: it holds for all.
 *
 * @param name of the form's field, for what is refused
 * @throws Refused when something is missing
 */
export function conditionOf(draft: ConditionDraft, fields: readonly Field[], name: string): Condition | null {
  const parts = draft.parts.map((part) => {
    if ('is' in part) return leafOf(part, fields, name);
    if (part.lines.length === 0) throw new Refused(name, 'A group is empty: add a condition to it, or take it away.');
    const lines = part.lines.map((line) => leafOf(line, fields, name));
    if (part.joint === 'none') return { not: { any: lines } };
    return part.joint === 'all' ? { all: lines } : { any: lines };
  });
  if (parts.length === 0) return null;
  return draft.joint === 'all' ? { all: parts } : { any: parts };
}

function leafOf({ attribute, is, text }: DraftLine, fields: readonly Field[], name: string): Condition {
  const field = fields.find((one) => one.attribute === attribute);
  const label = field?.label ?? attribute;
  if (attribute === '') throw new Refused(name, 'A condition is not finished: choose what it looks at.');
  if (is === 'exists') return { attribute, is, value: true };
  if (is === 'unknown') return { attribute, is: 'exists', value: false };
  const typed = text.trim();
  if (typed === '') throw new Refused(name, `“${label}”: say with what it is compared.`);
  switch (is) {
    case 'equals':
      return { attribute, is, value: singleOf(typed, field, name) };
    case 'differs':
      return { not: { attribute, is: 'equals', value: singleOf(typed, field, name) } };
    case 'one_of': {
      const values = typed.split(',').map((one) => one.trim());
      return { attribute, is, value: values.filter((one) => one !== '').map((one) => singleOf(one, field, name)) };
    }
    case 'contains':
    case 'starts_with':
    case 'before':
    case 'after':
      return { attribute, is, value: typed };
    case 'greater':
    case 'less':
    case 'at_least':
    case 'at_most':
    case 'every':
      return {
        attribute,
        is,
        value: field?.type === 'percentage' ? shareOf(typed, label, name) : numberOf(typed, label, name),
      };
  }
}

function singleOf(typed: string, field: Field | undefined, name: string): string | number | boolean {
  if (field?.type === 'boolean') return typed === 'yes';
  return field?.type === 'number' ? numberOf(typed, field.label, name) : typed;
}

function shareOf(typed: string, label: string, name: string): number {
  const share = numberOf(typed.replace(/\s*%$/, ''), label, name);
  if (share < 0 || share > 100) throw new Refused(name, `“${label}” goes from 0 to 100 %.`);
  return share;
}

function numberOf(typed: string, label: string, name: string): number {
  const number = Number(typed);
  if (Number.isNaN(number)) throw new Refused(name, `“${label}” is compared with a number.`);
  return number;
}
