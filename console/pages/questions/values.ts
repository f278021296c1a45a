import type { Condition } from '../../../contract/conditions.ts';
import type { QuestionDraft } from '../../../contract/questions.ts';
import { type ConditionDraft, conditionOf, draftOf } from '../../ui/condition-draft.ts';
import type { Field } from '../../ui/condition-fields.ts';
import type { Question, QuestionContent, QuestionField, QuestionVariant } from './api.ts';
import { freeKey } from './field-kinds.ts';

/** The condition while it is edited, or one that goes deeper than the builder shows. */
export type When = { readonly draft: ConditionDraft } | { readonly kept: Condition };

/** A question as its form holds it. */
export type QuestionValues = {
  readonly name: string;
  /** Id; empty: at every brand. */
  readonly brand: string;
  /** Local times as the browser writes them; empty: at once, for good. */
  readonly starts_at: string;
  readonly ends_at: string;
  readonly content: Omit<QuestionContent, 'when'> & { readonly when: When };
};

/** What a question is made of, before it is one. */
export type Beginning = Pick<Question, 'name' | 'brand' | 'starts_at' | 'ends_at' | 'content'>;

export function valuesOf({ name, brand, starts_at, ends_at, content }: Beginning): QuestionValues {
  const draft = draftOf(content.when);
  const when =
    content.when !== null && !draft ? { kept: content.when } : { draft: draft ?? { joint: 'all', parts: [] } };
  return {
    name,
    brand: brand ?? '',
    starts_at: localOf(starts_at),
    ends_at: localOf(ends_at),
    content: { ...content, when },
  } as const;
}

/** As the API takes it. @throws Refused for a condition that is not finished */
export function bodyOf(values: QuestionValues, fields: readonly Field[]): QuestionDraft {
  const { content } = values;
  return {
    name: values.name.trim(),
    brand: values.brand === '' ? null : values.brand,
    starts_at: instantOf(values.starts_at),
    ends_at: instantOf(values.ends_at),
    content: {
      ...content,
      variants: content.variants.map(namedFields),
      when: whenOf(content.when, fields),
    },
  };
}

export function whenOf(when: When, fields: readonly Field[]): Condition | null {
  return 'kept' in when ? when.kept : conditionOf(when.draft, fields, 'content.when');
}

const isNew = /^new(-\d+)?$/;

/** Fields get their keys when they are saved first, after the attribute that they write. */
function namedFields(variant: QuestionVariant): QuestionVariant {
  const taken = variant.fields.map(({ key }) => key).filter((key) => !isNew.test(key));
  const fields = variant.fields.map((field) => {
    if (!isNew.test(field.key)) return field;
    const key = freeKey(taken, keyOf(field));
    taken.push(key);
    return { ...field, key };
  });
  return { ...variant, fields };
}

/** `user_metadata.Favourite scents` -> `favourite-scents` */
function keyOf(field: QuestionField): string {
  const name = 'path' in field ? field.path.slice(field.path.lastIndexOf('.') + 1) : field.purpose;
  const key = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^[-_]+|-+$/g, '')
    .slice(0, 36);
  return key || 'field';
}

function localOf(instant: string | null): string {
  if (instant === null) return '';
  const at = new Date(instant);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function instantOf(local: string): string | null {
  return local === '' ? null : new Date(local).toISOString();
}

/** Texts with this one changed; an empty one is none. */
export function withText<L extends string>(
  texts: Readonly<Partial<Record<L, string>>> | undefined,
  language: L,
  text: string,
): Partial<Record<L, string>> {
  const others: Partial<Record<L, string>> = { ...texts };
  if (text === '') delete others[language];
  else others[language] = text;
  return others;
}
