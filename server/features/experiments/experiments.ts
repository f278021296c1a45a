/**
 * Experiments: who is in which arm, and what the arms tell of each other. Nothing is kept here; whoever runs one counts
 * its own. This is the face of the feature: other folders import from here only.
 */
export { type Arm, assign, isAssigned } from './assign.ts';
export { bestOf, type Comparison, type Count, compare, type Share, shareOf } from './compare.ts';
export { isPercentageBelow, percentageOf, percentageSql } from './percentage.ts';
