import type { JsonObject } from '../../base/json.ts';
import type { Outcome } from './outcome.ts';
import { type RunGround, runTrigger, type TriggerRun } from './run.ts';

/** What the actions at pre-user-registration came to. */
export type PreRegistrationOutcome = Outcome & {
  /** What the new customer's metadata begin with, over what was said before; by key, null takes a value away. */
  readonly userMetadata: JsonObject;
  readonly appMetadata: JsonObject;
};

/**
 * Runs the actions at pre-user-registration, before a customer is made. When they refuse, nobody is made: `refused`'s
 * message is for the person at the door, its code for logs.
 *
 * @returns undefined when no action is bound
 */
export async function runPreRegistration(
  base: RunGround,
  run: TriggerRun,
): Promise<PreRegistrationOutcome | undefined> {
  const ran = await runTrigger(base, 'pre-user-registration', run);
  if (!ran) return undefined;
  const { execution, runs, printed, refused, commands } = ran;
  const metadata = (name: 'user.setUserMetadata' | 'user.setAppMetadata'): JsonObject =>
    Object.fromEntries(commands.flatMap((one) => (one.name === name ? [[one.key, one.value]] : [])));
  return {
    execution,
    runs,
    printed,
    refused,
    userMetadata: metadata('user.setUserMetadata'),
    appMetadata: metadata('user.setAppMetadata'),
  };
}

/** Runs the actions at post-user-registration, after a customer was made. @returns undefined when none is bound */
export function runPostRegistration(base: RunGround, run: TriggerRun): Promise<Outcome | undefined> {
  return runTrigger(base, 'post-user-registration', run);
}

/** Runs the actions at post-change-password. @returns undefined when none is bound */
export function runPostChangePassword(base: RunGround, run: TriggerRun): Promise<Outcome | undefined> {
  return runTrigger(base, 'post-change-password', run);
}

/**
 * Runs the actions at send-phone-message, which send the message themselves. When they refuse, it was not sent.
 *
 * @returns undefined when none is bound
 */
export function runSendPhoneMessage(base: RunGround, run: TriggerRun): Promise<Outcome | undefined> {
  return runTrigger(base, 'send-phone-message', run);
}
