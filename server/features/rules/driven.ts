// What goes between the sandbox's world, the driver of rules inside it, and the server.

import type { ToldError } from '../../base/sandbox/error-teller.ts';

/** What the world hands to a feature's driver. */
export type Inside = {
  call(name: string, value: unknown): Promise<unknown>;
  /** The same as `{ by, value }`, in the name of a script. */
  callAs(script: number, name: string, value: unknown): Promise<unknown>;
  /** How far the run has come, as JSON; the last one is told if it dies, as it does if nothing follows within `ms`. */
  checkpoint(json: string, ms?: number | null): void;
  /** Puts back what code has changed of what all code shares; the names of it. */
  mend(): readonly string[];
  /** Has this count to what all code shares. */
  guard(value: unknown, name: string): void;
  /** What goes on from here on is of this script, until the answer to what another has asked for. */
  own(script: number): void;
  /** What is printed from here on is of this script. */
  mark(script: number): void;
  /** Says who hears of an error that nobody caught; of which scripts what went on then was first and last. */
  onUncaught(listener: (error: unknown, first?: number, last?: number, isSure?: boolean) => void): void;
  /** Defines what scripts of long ago find without `require`. */
  oldGlobals(): void;
  /** From now on nobody else has this. */
  takeOver(): void;
};

/** What the driver knows of each rule. */
export type DrivenRule = {
  readonly id: string;
  readonly name: string;
  readonly isLibrary: boolean;
  readonly onFailure: 'refuse' | 'go_on';
  readonly deadlineMs: number | null;
};

export type DriverPlan = {
  readonly rules: readonly DrivenRule[];
  /** JSON, by place of the rule: a copy for each, so that none changes another's. */
  readonly configurations: readonly string[];
  /** Can its scripts call anything that may go on after the last callback? */
  readonly callsOut: boolean;
  readonly mostState: number;
  /** Characters of JSON that the claims of a token may take. */
  readonly mostClaims: number;
  /** Names in the profile that rules may tell otherwise. */
  readonly profileClaims: readonly string[];
  /** Names that no token tells as a rule says them. */
  readonly refusedClaims: { readonly idToken: readonly string[]; readonly accessToken: readonly string[] };
};

export type DriverInput = {
  readonly user: unknown;
  readonly context: unknown;
  /** `user` as the first rule found it, where rules before have changed it. */
  readonly userBefore?: unknown;
  /** Place of the rule to begin with. */
  readonly from: number;
  /** Places of rules that are not run: the customer does not allow what they need. */
  readonly skip: readonly number[];
  readonly auth0: { readonly accessToken: string; readonly domain: string; readonly baseUrl: string };
};

export type DriverRun = { id: string; ms: number; error?: ToldError };

/** What a pipeline came to, inside; in the text that is told it has `state`, too: `[user, context]`. */
export type DriverEnd = {
  runs: DriverRun[];
  refused?: { rule: string; by: 'unauthorized' | 'failed'; message: string };
};

/** Told before each rule: where to go on if the run dies. The text has `state` only if the rule's failure goes on. */
export type DriverCheckpoint = { at: number; runs: DriverRun[] };

/** The host call that tells the end, as a text of JSON, while the run still goes on. */
export const endedCall = 'rules_ended';

/** What a script is. */
export type Rule = (user: unknown, context: unknown, callback: (...given: unknown[]) => void) => unknown;
type Scope = {
  configuration: unknown;
  auth0: unknown;
  regulars: unknown;
  UnauthorizedError: unknown;
  ValidationError: unknown;
  console: unknown;
};
/** A script, as a function of what stands in its scope. */
export type RuleFactory = (scope: Scope) => Rule;
