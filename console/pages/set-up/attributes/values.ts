import type { AttributeDraft, AttributePatch } from '../../../../contract/customers.ts';
import type { Attribute } from './api.ts';

/** A value that can be chosen, and how it is read. */
export type Choice = NonNullable<Attribute['choices']>[number];

/** A row of the catalogue as its form shows it. */
export function valuesOf(attribute: Attribute | undefined) {
  return {
    path: attribute?.path ?? 'user_metadata.',
    type: attribute?.type ?? 'text',
    labels: attribute?.labels ?? {},
    brand: attribute?.brand ?? '',
    sensitive: attribute?.sensitive ?? false,
    segmentable: attribute?.segmentable ?? false,
    askable: attribute?.askable ?? false,
    /** 0: it stays. */
    retention_days: attribute?.retention_days ?? 0,
    ranking: attribute?.ranking ?? [],
    choices: attribute?.choices ?? [],
  };
}
export type AttributeValues = ReturnType<typeof valuesOf>;

export function draftOf({ path, type, ...values }: AttributeValues): AttributeDraft {
  return { path, type, ...settingsOf(values, type) };
}

/** What was changed. The path stays; the type of a system attribute, too. */
export function patchOf(changes: Partial<AttributeValues>, values: AttributeValues): AttributePatch {
  const { type } = values;
  const all = { type, ...settingsOf(values, type) };
  return Object.fromEntries(Object.entries(all).filter(([name]) => name in changes));
}

function settingsOf(
  {
    labels,
    brand,
    sensitive,
    segmentable,
    askable,
    retention_days,
    ranking,
    choices,
  }: Omit<AttributeValues, 'path' | 'type'>,
  type: AttributeValues['type'],
) {
  const isChoice = type === 'choice' || type === 'choices';
  return {
    labels: filled(labels),
    brand: brand || null,
    sensitive,
    segmentable,
    askable,
    retention_days: retention_days || null,
    ranking,
    choices: isChoice
      ? choices
          .filter(({ value }) => value.trim() !== '')
          .map(({ value, labels: words }) => ({ value: value.trim(), labels: filled(words) }))
      : null,
  };
}

function filled(labels: Choice['labels']): Choice['labels'] {
  return Object.fromEntries(Object.entries(labels).filter(([, text]) => text !== ''));
}
