import type { Condition, Leaf } from '../../../contract/conditions.ts';

/** A moment at which a question is answered well. */
export type Moment = { readonly of: 'sign_in' | 'hour' | 'portal'; readonly value: string };

/** Results count the sign-ins from this one on together. */
export const openEnd = 10;

const attributes = { sign_in: 'sign_in.number', hour: 'sign_in.hour', portal: 'sign_in.portal' } as const;

/** The condition with this moment in place of what it said of that before; all else of it still holds. */
export function withMoment(when: Condition | null, { of, value }: Moment): Condition {
  const attribute = attributes[of];
  const leaf: Leaf =
    of === 'sign_in' && Number(value) >= openEnd
      ? { attribute, is: 'at_least', value: openEnd }
      : { attribute, is: 'equals', value: of === 'portal' ? value : Number(value) };
  if (when === null) return { all: [leaf] };
  const parts = 'all' in when ? when.all : [when];
  return { all: [leaf, ...parts.filter((part) => !('is' in part && part.attribute === attribute))] };
}
