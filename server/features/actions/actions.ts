/**
 * Actions: the umbrella's own code at a trigger, in Auth0's form. A draft is deployed as a version; what is bound to a
 * trigger runs there, in order, in the sandbox. This is the face of the feature: other folders import from here only.
 */
export { type BindingDraft, changeBindings } from './bindings.ts';
export { type BindingRow, countBindings, readBindings } from './bindings-store.ts';
export { type Execution, eraseActions, exportActions, readExecution, trimActions } from './executions.ts';
export { judgeAction } from './judge-action.ts';
export { type About, queueActions } from './later.ts';
export { type MachineOutcome, runCredentialsExchange } from './machine.ts';
export {
  type ActionDraft,
  changeAction,
  createAction,
  deployAction,
  noAction,
  noVersion,
  removeAction,
  rollBack,
  triggerOf,
} from './manage.ts';
export { type Dependency, toDependencies } from './modules.ts';
export type { ActionRefusal, ActionRun, FactorWish, Outcome, Suspended } from './outcome.ts';
export { isActionBound } from './pipeline.ts';
export { type PostLoginOutcome, type Rendered, runPostLogin } from './post-login.ts';
export {
  type PreRegistrationOutcome,
  runPostChangePassword,
  runPostRegistration,
  runPreRegistration,
  runSendPhoneMessage,
} from './registration.ts';
export type { Form, RunGround, SignInRun, TriggerRun } from './run.ts';
export { openSecrets, type Secret, type SecretDraft } from './secrets.ts';
export {
  type ActionFilter,
  type ActionRow,
  countActions,
  countVersions,
  idsOfActions,
  readAction,
  readActions,
  readVersion,
  readVersions,
  readVersionsById,
  type VersionRow,
} from './store.ts';
export { type TriggerId, triggerIds, triggers } from './triggers.ts';
export { type Tried, tryAction } from './try-action.ts';
