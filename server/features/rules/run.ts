import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Ended } from '../../base/sandbox/messages.ts';
import type { HostCall } from '../../base/sandbox/sandbox.ts';
import { type DriverInput, endedCall } from './driver.ts';
import { keepLines, linesByRule } from './lines.ts';
import type { RuleRun, RulesInput, RulesOutcome } from './outcome.ts';
import { type Pipeline, type PipelineRule, pipeline } from './pipeline.ts';
import { countRuns } from './statistics.ts';

/**
 * Answers what rules call, in their names (`update_user_metadata`, `update_app_metadata`, `http`, and what library
 * rules call). The argument is whatever the code chose to send: to be checked before it is used.
 *
 * @param call `source`: which rule calls, as facts name their source (`rule:<id>`, `library:<id>`); undefined with `http`
 */
export type RulesHost = (
  name: string,
  argument: unknown,
  call: { readonly key: string; readonly signal: AbortSignal; readonly source: string | undefined },
) => Promise<unknown>;

export type RunRules = {
  /** Internal id of whose sign-in it is: what is printed goes with them. */
  readonly customer: string;
  readonly input: RulesInput;
  readonly host: RulesHost;
  /** What scripts find as `auth0`; the token is asked for only if one of them may look at it. */
  readonly auth0: { readonly domain: string; readonly baseUrl: string; accessToken(): Promise<string> };
};

type Ground = Pick<Base, 'db' | 'settings' | 'vault' | 'sandbox' | 'log'>;

/** Is there a rule to be run? Remembered: where there is none, a sign-in does nothing at all for it. */
export async function rulesEnabled(base: Pick<Base, 'db' | 'settings' | 'vault'>): Promise<boolean> {
  return (await pipeline(base)) !== undefined;
}

/**
 * Runs the rules that are on, in order, outside of any transaction. What they call goes on being answered for as long
 * as their deadline lasts, also after this has returned.
 */
export async function runRules(base: Ground, act: RunRules): Promise<RulesOutcome> {
  const found = await pipeline(base);
  if (!found) return { ...act.input, runs: [] };
  const accessToken = found.usesToken ? await act.auth0.accessToken() : '';
  const { domain, baseUrl } = act.auth0;
  const outcome = await runPipeline(base, found, { ...act, auth0: { accessToken, domain, baseUrl } });
  countRuns(base, outcome.runs);
  return outcome;
}

type RunAct = Pick<RunRules, 'customer' | 'input' | 'host'> & { readonly auth0: DriverInput['auth0'] };

/** Where a run stands: what rules before `at` came to. */
type Reached = { readonly at: number; readonly input: RulesInput; readonly runs: readonly RuleRun[] };

async function runPipeline(base: Ground, found: Pipeline, act: RunAct): Promise<RulesOutcome> {
  const until = performance.now() + found.deadlineMs;
  let reached: Reached = { at: 0, input: act.input, runs: [] };
  for (;;) {
    const ended = await runFrom(base, found, act, reached, until - performance.now());
    if ('outcome' in ended) return ended.outcome;
    const { at, failure } = ended;
    const rule = found.rules[at];
    if (!rule) return { ...reached.input, runs: ended.runs };
    // Nothing of it ran where no place was free.
    const wasReached = failure.kind !== 'busy';
    const error = { name: failure.kind, message: failure.message };
    const runs = wasReached ? [...ended.runs, { id: rule.id, ms: ended.ms, error }] : ended.runs;
    const next = wasReached ? at + 1 : at;
    if (wasReached && rule.onFailure === 'refuse')
      return { ...ended.input, runs, refused: refusedBy(rule, failure.message) };
    const isOver = failure.kind === 'busy' || until - performance.now() < leastMs;
    if (isOver || next === found.rules.length) return unreached(found.rules.slice(next), ended.input, runs);
    reached = { at: next, input: ended.input, runs };
  }
}

// In less no rule does anything.
const leastMs = 20;

/** A rule that was never reached has failed. */
function unreached(rest: readonly PipelineRule[], input: RulesInput, runs: readonly RuleRun[]): RulesOutcome {
  const error = { name: 'unreached', message: 'The time for all rules was over before it began.' };
  const all = [...runs, ...rest.map(({ id }) => ({ id, ms: 0, error }))];
  const refusing = rest.find(({ onFailure }) => onFailure === 'refuse');
  return { ...input, runs: all, ...(refusing && { refused: refusedBy(refusing, error.message) }) };
}

function refusedBy({ id }: PipelineRule, message: string): RulesOutcome['refused'] {
  return { rule: id, by: 'failed', message };
}

type Stopped = {
  readonly at: number;
  readonly input: RulesInput;
  readonly runs: readonly RuleRun[];
  readonly ms: number;
  readonly failure: Extract<Ended, { failure: unknown }>['failure'];
};

/** One run in the sandbox, from where the one before came to; how it ended, or where it stopped. */
async function runFrom(
  base: Ground,
  { rules, program }: Pipeline,
  act: RunAct,
  reached: Reached,
  deadlineMs: number,
): Promise<{ outcome: RulesOutcome } | Stopped> {
  const began = performance.now();
  const told = Promise.withResolvers<unknown>();
  const host = hostOf(rules, act.host, told.resolve);
  const input: DriverInput = { ...reached.input, from: reached.at, auth0: act.auth0 };
  const running = base.sandbox.run({ program, input, deadlineMs, host });
  running
    .then((ended) => keepLines(base, act.customer, linesByRule(ended.console, rules, reached.at)))
    .catch((fault: unknown) => base.log.error({ err: fault }, 'rules could not be run'));
  const first = await Promise.race([told.promise.then((output) => ({ output })), running]);
  if (!('failure' in first)) {
    const { state, runs, refused } = end.parse(first.output);
    return { outcome: { ...readState(state), runs: [...reached.runs, ...runs], ...(refused && { refused }) } };
  }
  const checkpoint = 'checkpoint' in first ? checkpointShape.safeParse(first.checkpoint).data : undefined;
  return {
    at: checkpoint?.at ?? reached.at,
    input: checkpoint?.state === undefined ? reached.input : readState(checkpoint.state),
    runs: [...reached.runs, ...(checkpoint?.runs ?? [])],
    ms: performance.now() - began - (checkpoint?.runs ?? []).reduce((sum, { ms }) => sum + ms, 0),
    failure: first.failure,
  };
}

/** What scripts call, in the name of the rule; the end that is told before all calls are over. */
function hostOf(rules: readonly PipelineRule[], host: RulesHost, tellEnd: (end: unknown) => void): HostCall {
  let open = 0;
  let newest = 0;
  return async (name, argument, call) => {
    if (name === endedCall) {
      tellEnd(argument);
      await quiet(
        () => open === 0,
        () => newest,
        call.signal,
      );
      return null;
    }
    open += 1;
    newest += 1;
    try {
      if (name === 'http') return await host(name, argument, { ...call, source: undefined });
      const { by, value } = envelope.parse(argument);
      return await host(name, value, { ...call, source: rules[by]?.source });
    } finally {
      open -= 1;
    }
  };
}

const settleMs = 25;

/** Until no call is open, and none was begun for a moment. */
async function quiet(isQuiet: () => boolean, newest: () => number, signal: AbortSignal): Promise<void> {
  if (isQuiet() && newest() === 0) return;
  for (let seen = -1; !signal.aborted && !(isQuiet() && seen === newest()); ) {
    seen = newest();
    await pause(settleMs);
  }
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
// It was parsed from JSON: whatever is in it is JSON, too.
const object = z.custom<JsonObject>(isObject);
const state = z.tuple([object, object]);
const run = z.object({
  id: z.string(),
  ms: z.number(),
  error: z.object({ name: z.string(), message: z.string() }).optional(),
});
const end = z.object({
  state: z.string(),
  runs: z.array(run),
  refused: z.object({ rule: z.string(), by: z.literal(['unauthorized', 'failed']), message: z.string() }).optional(),
});
const checkpointShape = z.object({ at: z.int(), runs: z.array(run), state: z.string().optional() });
const envelope = z.object({ by: z.int(), value: z.unknown() });

function readState(json: string): RulesInput {
  const [user, context] = state.parse(JSON.parse(json));
  return { user, context };
}
