import type { Rule, RuleRunning } from '../../../contract/rules.ts';
import type { Versioned } from '../../ui/api.ts';

/** A rule as it was read, and how it is read anew. */
export type KnownRule = {
  readonly rule: Versioned<Rule>;
  readonly running: RuleRunning;
  /** Reads it anew, and all that follows from it. */
  reload(): Promise<{ readonly rule: Versioned<Rule>; readonly running: RuleRunning } | undefined>;
};
