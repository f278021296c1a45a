import type { OwnedLine, ScriptError } from '../../base/sandbox/marked-lines.ts';

/** An action that was reached, or that was not. */
export type ActionRun = {
  /** The action's. */
  readonly id: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly ms: number;
  readonly error?: ScriptError | undefined;
};

/** Why what was asked for is not done. */
export type ActionRefusal = {
  /** The action's id. */
  readonly action: string;
  /** `denied`: `api.access.deny`, `api.session.revoke`, ...; `invalid`: `api.validation.error`; `failed`: it threw, or was late. */
  readonly by: 'denied' | 'invalid' | 'failed';
  /** May be shown to the customer and sent to the portal. */
  readonly message: string;
  /** Of the action's own: an error code, or the reason that is for logs only. */
  readonly code?: string | undefined;
};

/** Where a pipeline that sent the customer away goes on: kept in the flow, as it is, until they are back. */
export type Suspended = string;

/** What every trigger tells. */
export type Outcome = {
  /** Id of what `/api/v2/actions/executions/{id}` shows: belongs into the log entry. */
  readonly execution: string;
  readonly refused?: ActionRefusal | undefined;
  readonly runs: readonly ActionRun[];
  /** What they wrote to the console. */
  readonly printed: readonly OwnedLine[];
};

/** A second factor that code asks for, in Auth0's names: `otp`, `phone`, `email`, `webauthn-roaming`, ... */
export type FactorWish =
  /** Pass one of these that the customer has. With none of them: refuse. */
  | { readonly by: 'challenge'; readonly factors: readonly string[]; readonly choose: boolean }
  /** Add one of these that the customer has not. With none of them: refuse. */
  | { readonly by: 'enrol'; readonly factors: readonly string[]; readonly choose: boolean }
  /** `multifactor.enable`: any second factor, added on the way by who has none; `none`: no rule before wants one. */
  | { readonly by: 'enable'; readonly provider: string; readonly allowRememberBrowser: boolean };
