import type { JsonObject } from '../../base/json.ts';
import type { ScriptError } from '../../base/sandbox/marked-lines.ts';

/** What a pipeline of rules is given: in Auth0's shapes, as `function (user, context, callback)` sees them. */
export type RulesInput = { readonly user: JsonObject; readonly context: JsonObject };

/** A rule that was reached, or that was not. */
export type RuleRun = {
  readonly id: string;
  readonly ms: number;
  /** What it failed with; undefined for one that called back without an error. */
  readonly error?: ScriptError | undefined;
};

/** What a rule failed with that was never reached. */
export const unreachedError = { name: 'unreached', message: 'The time for all rules was over before it began.' };

/** Did it run? What it failed with may be anything but that it did not. */
export function wasReached({ error }: Pick<RuleRun, 'error'>): boolean {
  return error?.name !== unreachedError.name;
}

/** What a pipeline came to. */
export type RulesOutcome = {
  /** As the last rule left them; nothing in them is kept by itself. */
  readonly user: JsonObject;
  readonly context: JsonObject;
  /**
   * The sign-in is refused: a rule called back with an UnauthorizedError (its message is for the portal), or one whose
   * failure refuses has failed, was late or was never reached.
   */
  readonly refused?:
    | { readonly rule: string; readonly by: 'unauthorized' | 'failed'; readonly message: string }
    | undefined;
  readonly runs: readonly RuleRun[];
};
