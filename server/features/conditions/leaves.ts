import type { Condition, Leaf } from '../../../contract/conditions.ts';

/** The leaves that must all hold. */
export function leavesOf(condition: Condition): readonly Leaf[] {
  return 'all' in condition ? condition.all : [condition];
}
