import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { parsedObject } from '../../base/json.ts';
import type { ConsoleLine, Ended } from '../../base/sandbox/messages.ts';
import { timeText } from '../../base/sandbox/sandbox.ts';
import { answerCalls, type RulesHost } from './answer-calls.ts';
import { allows } from './consent-needed.ts';
import type { DriverInput } from './driven.ts';
import { type RuleRun, type RulesInput, type RulesOutcome, unreachedError } from './outcome.ts';
import type { Pipeline, PipelineRule } from './pipeline.ts';

export type { RulesHost } from './answer-calls.ts';

export type RunPipeline = {
  readonly input: RulesInput;
  readonly host: RulesHost;
  /** These rules alone, by id; undefined: all. */
  readonly only?: readonly string[] | undefined;
  readonly auth0: DriverInput['auth0'];
  /** Told what was printed, once a run is over; `from` is the place of the rule that it began with. */
  printed(lines: readonly ConsoleLine[], from: number): void;
};

type Ground = Pick<Base, 'sandbox' | 'log'>;

/** Where it stands: what rules before `at` came to. */
type Reached = { readonly at: number; readonly input: RulesInput; readonly runs: readonly RuleRun[] };

// In less no rule does anything.
const leastMs = 20;

/**
 * Runs a pipeline, in one crossing; if the run dies and the failure of the rule it died in goes on, the rest in another.
 *
 * @returns what it came to, and `over`: when everything that was begun is over, too
 */
export async function runPipeline(
  base: Ground,
  { rules, program, deadlineMs }: Pipeline,
  act: RunPipeline,
): Promise<{ outcome: RulesOutcome; over: Promise<void> }> {
  const until = performance.now() + deadlineMs;
  // By the context that the server made: rules that have run may have written consents of their own into it.
  const isSkipped = ({ id, needs }: PipelineRule) =>
    act.only?.includes(id) === false || (needs !== undefined && !allows(act.input.context, needs));
  const skip = rules.flatMap((rule, place) => (isSkipped(rule) ? [place] : []));
  let reached: Reached = { at: 0, input: act.input, runs: [] };
  for (;;) {
    const ended = await runFrom(base, { rules, program, skip }, act, reached, until - performance.now());
    if ('outcome' in ended) return ended;
    const restOf = (at: number) => rules.slice(at).filter((rule) => !isSkipped(rule));
    const died = { ...ended, failure: told(ended, rules[ended.at], deadlineMs) };
    const rest = afterDeath(rules, restOf, died, until - performance.now() > leastMs);
    if ('outcome' in rest) return { outcome: rest.outcome, over: Promise.resolve() };
    reached = rest;
  }
}

/** What it failed with, in words that say what to do where no rule but all of them were late. */
function told({ failure }: Died, rule: PipelineRule | undefined, deadlineMs: number): Died['failure'] {
  if (failure.kind !== 'deadline' || rule?.deadlineMs !== null) return failure;
  const message = `It did not call back within ${timeText(deadlineMs)}, the deadline of all rules together: every way through a rule must end in a call of its callback.`;
  return { ...failure, message };
}

/** A run died in the rule at `at`: its policy says whether that is the end, and those behind it have theirs. */
function afterDeath(
  rules: readonly PipelineRule[],
  restOf: (at: number) => PipelineRule[],
  died: Died,
  hasTime: boolean,
): { outcome: RulesOutcome } | Reached {
  const { at, input, failure, ms } = died;
  const rule = rules[at];
  // Where no place was free nothing of it ran.
  if (failure.kind === 'busy' || !rule) return { outcome: unreached(restOf(at), died) };
  const runs = [...died.runs, { id: rule.id, ms, error: { name: failure.kind, message: failure.message } }];
  if (rule.onFailure === 'refuse') return { outcome: { ...input, runs, refused: refusedBy(rule, failure.message) } };
  const next = { at: at + 1, input, runs };
  return hasTime && next.at < rules.length ? next : { outcome: unreached(restOf(next.at), next) };
}

/** Rules that were never reached have failed, each under its own policy. */
function unreached(rest: readonly PipelineRule[], { input, runs }: Pick<Reached, 'input' | 'runs'>): RulesOutcome {
  const error = unreachedError;
  const all = [...runs, ...rest.map(({ id }) => ({ id, ms: 0, error }))];
  const refusing = rest.find(({ onFailure }) => onFailure === 'refuse');
  return { ...input, runs: all, ...(refusing && { refused: refusedBy(refusing, error.message) }) };
}

function refusedBy({ id }: PipelineRule, message: string): NonNullable<RulesOutcome['refused']> {
  return { rule: id, by: 'failed', message };
}

/** A run that has no output: where it died, and what it had come to. */
type Died = Reached & { readonly ms: number; readonly failure: Extract<Ended, { failure: unknown }>['failure'] };

/** One run in the sandbox, from where the one before came to. */
async function runFrom(
  { sandbox, log }: Ground,
  { rules, program, skip }: Pick<Pipeline, 'rules' | 'program'> & Pick<DriverInput, 'skip'>,
  { input: first, host, auth0, printed }: Omit<RunPipeline, 'only'>,
  reached: Reached,
  deadlineMs: number,
): Promise<{ outcome: RulesOutcome; over: Promise<void> } | Died> {
  const began = performance.now();
  const told = Promise.withResolvers<{ output: unknown }>();
  const isFirst = reached.input === first;
  const input: DriverInput = {
    ...{ ...reached.input, from: reached.at, skip, auth0 },
    ...(!isFirst && { userBefore: first.user }),
  };
  const answers = answerCalls(rules, host, (output) => told.resolve({ output }));
  const running = sandbox.run({ program, input, deadlineMs, host: answers });
  const over = running
    .then((ended) => printed(ended.console, reached.at))
    .catch((fault: unknown) => log.error({ err: fault }, 'rules could not be run'));
  const ended = await Promise.race([told.promise, running]);
  if (!('failure' in ended)) {
    const read = end.safeParse(ended.output);
    if (read.success) {
      const { state, runs, refused } = read.data;
      return { outcome: { ...inputOf(state), runs: [...reached.runs, ...runs], ...(refused && { refused }) }, over };
    }
    await over;
    const message = 'What its isolate told cannot be read.';
    return { ...reached, ms: performance.now() - began, failure: { kind: 'output', message } };
  }
  await over;
  const { at = reached.at, runs = [], state } = checkpoint.safeParse(ended.checkpoint).data ?? {};
  return {
    at: rules[at] ? at : reached.at,
    input: state === undefined ? reached.input : inputOf(state),
    runs: [...reached.runs, ...runs],
    ms: runs.reduce((left, { ms }) => left - ms, performance.now() - began),
    failure: ended.failure,
  };
}

const both = z.tuple([parsedObject, parsedObject]);
const run = z.object({
  id: z.string(),
  ms: z.number(),
  error: z.object({ name: z.string(), message: z.string(), line: z.int().positive().optional() }).optional(),
});
const end = z.object({
  state: both,
  runs: z.array(run),
  refused: z.object({ rule: z.string(), by: z.literal(['unauthorized', 'failed']), message: z.string() }).optional(),
});
const checkpoint = z.object({ at: z.int(), runs: z.array(run), state: both.optional() });

function inputOf([user, context]: z.infer<typeof both>): RulesInput {
  return { user, context };
}
