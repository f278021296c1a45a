import type { AttributeDraft, AttributePatch } from '../../../../contract/customers.ts';
import { fromLines, toLines } from '../lines.ts';
import type { Attribute } from './api.ts';

/** A row of the catalogue as its form shows it. */
export function valuesOf(attribute: Attribute | undefined) {
  return {
    path: attribute?.path ?? 'user_metadata.',
    type: attribute?.type ?? 'text',
    labels: attribute?.labels ?? {},
    brand: attribute?.brand ?? '',
    sensitive: attribute?.sensitive ?? false,
    segmentable: attribute?.segmentable ?? false,
    /** 0: it stays. */
    retention_days: attribute?.retention_days ?? 0,
    ranking: attribute?.ranking ?? [],
    choices: toLines((attribute?.choices ?? []).map(({ value }) => value)),
  };
}
export type AttributeValues = ReturnType<typeof valuesOf>;

export function draftOf({ path, type, ...values }: AttributeValues, known?: Attribute): AttributeDraft {
  return { path, type, ...settingsOf(values, type, known) };
}

/** What was changed. The path stays; the type of a system attribute, too. */
export function patchOf(changes: Partial<AttributeValues>, values: AttributeValues, known: Attribute): AttributePatch {
  const { type } = values;
  const all = { type, ...settingsOf(values, type, known) };
  return Object.fromEntries(Object.entries(all).filter(([name]) => name in changes));
}

function settingsOf(
  { labels, brand, sensitive, segmentable, retention_days, ranking, choices }: Omit<AttributeValues, 'path' | 'type'>,
  type: AttributeValues['type'],
  known: Attribute | undefined,
) {
  const isChoice = type === 'choice' || type === 'choices';
  return {
    labels: Object.fromEntries(Object.entries(labels).filter(([, text]) => text !== '')),
    brand: brand || null,
    sensitive,
    segmentable,
    retention_days: retention_days || null,
    ranking,
    // Labels of values that were there stay with them.
    choices: isChoice
      ? fromLines(choices).map((value) => ({
          value,
          labels: known?.choices?.find((choice) => choice.value === value)?.labels ?? {},
        }))
      : null,
  };
}
