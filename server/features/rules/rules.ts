/**
 * Rules: the umbrella's own code at sign-in, in order, and ready rules from the library. This is the face of the
 * feature: other folders import from here only.
 */
export { configKeys, removeConfig, setConfig } from './configs.ts';
export { allows } from './consent-needed.ts';
export { judgeScript } from './judge-script.ts';
export { libraryOf, offerLibrary, scriptOf } from './library.ts';
export { type LibraryInUse, libraryInUse } from './library-in-use.ts';
export type { LearnedFact, LibraryRule, LibraryRules, RegularsForRules, ToldValue } from './library-rule.ts';
export { eraseRules, exportRules, keepLines, type LineFilter, listLines, type RuleLine } from './lines.ts';
export type { CodeKind } from './lines-store.ts';
export { rulesNewlyAllowed } from './newly-allowed.ts';
export { type RuleRun, type RulesInput, type RulesOutcome, wasReached } from './outcome.ts';
export { mostClaims } from './pipeline.ts';
export { type RunRules, rulesEnabled, runRules } from './run.ts';
export type { RulesHost } from './run-pipeline.ts';
export { changeRunning, type Running, readRunning } from './running.ts';
export {
  addLibraryRule,
  changeRule,
  createRule,
  getRule,
  orderRules,
  type RulePatch,
  removeRule,
  restoreVersion,
} from './save.ts';
export { namesOutside, secretNamesOf } from './sealed-settings.ts';
export { type CountedRun, countRuns, type RuleStatistics, statisticsOf } from './statistics.ts';
export { countRules, type RuleRow, readRuleNames, readRules } from './store.ts';
export { type Tried, tryRule } from './try.ts';
export { type Author, readVersion, readVersions, type VersionRow } from './versions-store.ts';
