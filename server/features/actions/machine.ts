import type { JsonObject } from '../../base/json.ts';
import type { Outcome } from './outcome.ts';
import { type RunGround, runTrigger, type TriggerRun } from './run.ts';

/** What the actions at credentials-exchange came to. */
export type MachineOutcome = Outcome & {
  /** Claims for the access token; those that only the protocol may say are still in here. */
  readonly accessToken: JsonObject;
  /** The scopes that it is to have, as far as the client's grant has them. */
  readonly scopes: readonly string[];
};

/**
 * Runs the actions at credentials-exchange, before a machine is given its token. When they refuse, `refused.code` is the
 * OAuth error (`invalid_scope`, `invalid_request`, `server_error`; none where an action has failed).
 *
 * @param run `event.transaction.target_scopes`: what it would be given
 * @returns undefined when no action is bound
 */
export async function runCredentialsExchange(base: RunGround, run: TriggerRun): Promise<MachineOutcome | undefined> {
  const ran = await runTrigger(base, 'credentials-exchange', run);
  if (!ran) return undefined;
  const { execution, runs, printed, refused, live } = ran;
  return { execution, runs, printed, refused, accessToken: live.claims, scopes: live.scopes };
}
