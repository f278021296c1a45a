/**
 * Rules: the umbrella's own code at sign-in, in order, and ready rules from the library. This is the face of the
 * feature: other folders import from here only.
 */
export { offerLibrary } from './library.ts';
export type { LibraryRule, LibraryRules } from './library-rule.ts';
export type { RuleRun, RulesInput, RulesOutcome } from './outcome.ts';
export { type RulesHost, type RunRules, rulesEnabled, runRules } from './run.ts';
