import type { Base } from '../../base/base.ts';
import { failureLines, linesByScript } from '../../base/sandbox/marked-lines.ts';
import type { DriverInput } from './driven.ts';
import { keepLines } from './lines.ts';
import type { RulesInput, RulesOutcome } from './outcome.ts';
import { pipeline } from './pipeline.ts';
import { type RulesHost, runPipeline } from './run-pipeline.ts';
import { countRuns } from './statistics.ts';

export type RunRules = {
  /** Internal id of whose sign-in it is: what is printed goes with them. */
  readonly customer: string;
  readonly input: RulesInput;
  readonly host: RulesHost;
  /** These rules alone, by id; undefined: all that are on. */
  readonly only?: readonly string[] | undefined;
  /** What scripts find as `auth0`. */
  readonly auth0: DriverInput['auth0'];
};

/** Is there a rule to be run? Remembered: where there is none, a sign-in does nothing at all for it. */
export async function rulesEnabled(base: Pick<Base, 'db' | 'settings' | 'vault'>): Promise<boolean> {
  return (await pipeline(base)) !== undefined;
}

/**
 * Runs the rules that are on, in order, outside of any transaction. What they call goes on being answered for as long
 * as their deadline lasts, also after this has returned.
 */
export async function runRules(
  base: Pick<Base, 'db' | 'settings' | 'vault' | 'sandbox' | 'log'>,
  { customer, input, only, host, auth0 }: RunRules,
): Promise<RulesOutcome> {
  const found = await pipeline(base);
  if (!found) return { ...input, runs: [] };
  const { outcome, over } = await runPipeline(base, found, {
    ...{ input, only, host, auth0 },
    printed: (lines, from) => keepLines(base, customer, linesByScript(lines, found.rules, from)),
  });
  countRuns(base, outcome.runs);
  // Behind what it printed before it failed.
  void over.then(() => keepLines(base, customer, failureLines(outcome.runs)));
  return outcome;
}
