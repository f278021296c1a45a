import { type Condition, leavesOf } from '../../../contract/conditions.ts';

/**
 * Conditions: what picks customers, as data. One meaning, twice: compiled to SQL, and evaluated on one customer. This is
 * the face of the feature: other folders import from here only. The attributes are handed in by who owns them.
 */
export { compile } from './compile.ts';
export { type Field, type Fields, withoutAddresses } from './field.ts';
export { matches, type Read } from './matches.ts';

/** Every attribute that a condition reads, once: who may not read one of them may not ask it. */
export function attributesIn(condition: Condition): string[] {
  return [...new Set(leavesOf(condition).map(({ attribute }) => attribute))];
}
