import type { z } from 'zod';
import { refusedClaims } from '../../../contract/claims.ts';
import type { Base } from '../../base/base.ts';
import { type JsonObject, toStorable } from '../../base/json.ts';
import { linesByScript, type OwnedLine } from '../../base/sandbox/marked-lines.ts';
import type { Ended } from '../../base/sandbox/messages.ts';
import type { HostCall } from '../../base/sandbox/sandbox.ts';
import { type CacheWrite, cacheLimits, readCache, writeCache } from './cache.ts';
import { keepExecution } from './executions.ts';
import type { ActionRefusal, ActionRun, Suspended } from './outcome.ts';
import { type BoundAction, createPipeline, type Pipeline, pipelineOf } from './pipeline.ts';
import {
  type Command,
  finished,
  type Live,
  reached,
  reachedAt,
  refusal,
  type Stopped,
  suspended,
  type ToldRun,
} from './told.ts';
import type { TriggerId } from './triggers.ts';

export type RunGround = Pick<Base, 'config' | 'db' | 'settings' | 'vault' | 'sandbox' | 'log'>;

/** What a trigger is run with. */
export type TriggerRun = {
  /** As Auth0's reference has it, without `secrets`. */
  readonly event: JsonObject;
  /** The ways out of the sandbox: `http`. */
  readonly host: HostCall;
  /** Customer's uuid, if there is one yet. */
  readonly customer?: string | undefined;
  /** For all actions together; 20 s if left out. */
  readonly deadlineMs?: number | undefined;
};

/** A question that an action may render, by its id or name. */
export type Form = { readonly id: string; readonly name: string };

/** What is beside that at post-login only. */
export type SignInRun = {
  readonly canRedirect: boolean;
  readonly executedRules: readonly string[];
  /** What `api.prompt.render` may name; read only where it is called. */
  readonly forms?: (() => Promise<readonly Form[]>) | undefined;
  /** The customer is back from where an action sent them. */
  readonly resume?: Suspended | undefined;
};

/** What a pipeline came to. */
export type Ran = {
  readonly commands: readonly Command[];
  readonly live: Live;
  readonly stopped: Exclude<Stopped, { by: 'failed' }> | undefined;
  readonly refused: ActionRefusal | undefined;
  /** Of the action that sent the customer away. */
  readonly suspended: Suspended | undefined;
  readonly runs: readonly ActionRun[];
  readonly printed: readonly OwnedLine[];
};

const usualDeadlineMs = 20_000;
/** An action without which the act goes on is not waited for as long. */
const ownDeadlineMs = 2000;
const leastMs = 50;
const limits = {
  commands: 1000,
  /** Characters of all that is asked for, as JSON: with what else is told it must be less than a run may say. */
  asked: 800_000,
  scopes: 1000,
  /** Of each token, in characters of JSON. */
  claims: 100_000,
  metadataKey: 64,
  metadataValue: 8192,
  metadata: 16_384,
  /** As for every fact: more is not kept of a customer. */
  factKey: 255,
  factValue: 65_536,
  cache: cacheLimits,
  refusedClaims,
};
const nowhere: SignInRun = { canRedirect: false, executedRules: [] };

/** Runs what is bound to the trigger and keeps how it ended; undefined: nothing is bound, and nobody is back for the rest. */
export async function runTrigger(
  base: RunGround,
  trigger: TriggerId,
  run: TriggerRun,
  signIn: SignInRun = nowhere,
): Promise<(Ran & { execution: string }) | undefined> {
  const bound = await pipelineOf(base, trigger);
  if (!bound && signIn.resume === undefined) return undefined;
  // All were taken off while the customer was away: what they had asked for is done all the same.
  const pipeline = bound ?? (await createPipeline(`actions:${trigger}`, trigger, [], []));
  const cache = pipeline.usesCache ? await readCache(base.db, trigger) : [];
  const ran = await runPipeline(base, pipeline, run, signIn, cache);
  await writeCache(base.db, trigger, ran.commands.flatMap(toCacheWrite));
  const status = ran.suspended ? 'suspended' : ran.refused?.by === 'failed' ? 'partial' : 'final';
  const execution = await keepExecution(base.db, { trigger, customer: run.customer, status, runs: ran.runs });
  return { ...ran, execution };
}

/** The pipeline alone: nothing is read or kept. */
export async function runPipeline(
  base: Pick<RunGround, 'config' | 'sandbox' | 'log'>,
  pipeline: Pipeline,
  run: TriggerRun,
  signIn: SignInRun = nowhere,
  cache: Live['cache'] = [],
): Promise<Ran> {
  const { actions, program } = pipeline;
  const { event, host, deadlineMs = usualDeadlineMs } = run;
  let refusedBy: Stopped | undefined;
  const hostOrRefusal: HostCall = async (name, argument, call) => {
    if (name !== 'refused') return host(name, argument, call);
    // Told again, it says what ends, too.
    refusedBy = refusal.safeParse(argument).data ?? refusedBy;
    return null;
  };
  const began = performance.now();
  const kept = signIn.resume === undefined ? undefined : suspended.parse(JSON.parse(signIn.resume));
  const steps = actions.map((action) => ({ ...action, ...stepOf(action, kept) }));
  const nextFrom = (place: number) => {
    const next = steps.findIndex(({ ran }, at) => at >= place && !ran);
    return next < 0 ? steps.length : next;
  };
  const runs: ActionRun[] = [];
  const lines: OwnedLine[] = [];
  let commands: readonly Command[] = kept?.commands ?? [];
  const forms = pipeline.usesForms && signIn.forms ? await signIn.forms() : [];
  let live: Live = { metadata: {}, claims: {}, scopes: scopesOf(event), ...kept?.live, cache };
  if (kept && !steps.some(({ resumes }) => resumes)) {
    base.log.warn(
      { action: kept.action },
      'the action that sent a customer away is bound no more: it is not gone on with',
    );
  }

  for (let from = nextFrom(0); from < actions.length; ) {
    const left = deadlineMs - (performance.now() - began);
    const { canRedirect, executedRules } = signIn;
    const input = {
      event,
      actions: steps.map((step) => ({ ...step, ...(step.onFailure === 'go_on' && { deadlineMs: ownDeadlineMs }) })),
      from,
      commands,
      live,
      limits,
      canRedirect,
      executedRules,
      forms,
      domain: new URL(base.config.issuer).host,
    };
    const ended = await base.sandbox.run({ program, input, deadlineMs: Math.max(left, leastMs), host: hostOrRefusal });
    lines.push(...linesByScript(ended.console, actions, from));
    const told = finished.safeParse('output' in ended ? ended.output : undefined).data;
    if (told) {
      runs.push(...told.runs.flatMap((run) => ranAt(actions, run)));
      ({ commands, live } = told);
      const isRefused = told.stopped?.by === 'denied' || told.stopped?.by === 'invalid';
      // What was refused is, whatever is told at the end.
      return finish(isRefused ? told.stopped : (refusedBy ?? told.stopped));
    }
    // It was ended from outside, at the action that the last checkpoint tells.
    const seen = reached.safeParse(ended.checkpoint).data;
    const next = seen?.next ?? reachedAt.safeParse(ended.checkpoint).data?.next ?? from;
    const at = Math.min(Math.max(next, from), actions.length - 1);
    if (seen) {
      runs.push(...seen.runs.flatMap((run) => ranAt(actions, run)));
      ({ commands, live } = seen);
    }
    const failure = failureOf(ended);
    runs.push(...runOf(actions[at], failure, seen?.startedAt));
    const refused = seen?.stopped ?? refusedBy;
    if (refused) return finish({ ...refused, at });
    if (actions[at]?.onFailure === 'refuse') return failed(actions[at].id, failure.message);
    from = nextFrom(at + 1);
    if (failure.name === 'busy' || deadlineMs - (performance.now() - began) < leastMs) {
      // Nobody is skipped by being slow: who was never reached has failed.
      const unreached = { name: 'unreached', message: 'There was no time left for it.' };
      for (const action of steps.slice(from).filter(({ ran }) => !ran)) {
        runs.push(...runOf(action, unreached));
        if (action.onFailure === 'refuse') return failed(action.id, unreached.message);
      }
      break;
    }
  }
  return finish(undefined);

  function result(part: Partial<Ran>): Ran {
    const none = { stopped: undefined, refused: undefined, suspended: undefined };
    return { ...none, commands, live, runs, printed: lines, ...part };
  }

  function failed(action: string, message: string): Ran {
    base.log.warn({ action, reason: message }, 'an action has failed');
    return result({
      refused: { action, by: 'failed', message: 'Something went wrong on our side. Please try again.' },
    });
  }

  function finish(stopped: Stopped | undefined): Ran {
    const action = stopped && steps[stopped.at];
    if (!stopped || !action) return result({});
    if (stopped.by === 'failed') return failed(action.id, runs.at(-1)?.error?.message ?? '');
    if (stopped.by === 'redirect') return result({ stopped, suspended: suspend(stopped.at) });
    if (stopped.by === 'prompt') {
      // Else code that renders again and again would never end.
      if (action.resumes === 'same') return failed(action.id, 'It has rendered a form already.');
      return result({ stopped, suspended: suspend(stopped.at) });
    }
    const { by, message, code } = stopped;
    return result({ stopped, refused: { action: action.id, by, message, code } });
  }

  function suspend(at: number): Suspended {
    const { cache: _, ...others } = live;
    const lasting = commands.filter((one) => toCacheWrite(one).length === 0);
    const ran = [...new Set([...(kept?.ran ?? []), ...actions.slice(0, at).map(({ id }) => id)])];
    const { id: action, version } = actions[at] ?? {};
    return JSON.stringify({ action, version, ran, commands: lasting, live: others });
  }
}

/**
 * What becomes of an action when the customer is back from where one has sent them. Actions may have been changed in the
 * days between: whatever is bound now and did not run yet runs, in the order that holds now, so that none which refuses is
 * skipped; whatever is bound no more has nothing to say. One that was replaced goes on in its new version, and where that
 * has nothing to go on with it begins.
 */
function stepOf(
  { id, version }: BoundAction,
  kept: z.infer<typeof suspended> | undefined,
): { ran: boolean; resumes?: 'same' | 'replaced' } {
  if (!kept) return { ran: false };
  if (id !== kept.action) return { ran: kept.ran.includes(id) };
  return { ran: false, resumes: version === kept.version ? 'same' : 'replaced' };
}

function failureOf(ended: Ended): { name: string; message: string } {
  if ('failure' in ended) {
    const { kind, message } = ended.failure;
    return { name: kind, message: toStorable(message.slice(0, 1000)) };
  }
  return { name: 'output', message: 'The action has changed what it must not, and its outcome cannot be read.' };
}

/** Whose run it is, is said by its place alone: what it calls itself may be made up. */
function ranAt(actions: readonly BoundAction[], { at, ...run }: ToldRun): ActionRun[] {
  const action = actions[at];
  return action ? [{ id: action.id, name: action.name, ...run }] : [];
}

function runOf(
  action: { id: string; name: string } | undefined,
  error: { name: string; message: string },
  startedAt = Date.now(),
): ActionRun[] {
  if (!action) return [];
  return [{ id: action.id, name: action.name, startedAt, ms: Math.max(0, Date.now() - startedAt), error }];
}

function toCacheWrite(command: Command): CacheWrite[] {
  if (command.name === 'cache.delete') return [{ key: command.key }];
  return command.name === 'cache.set' ? [{ key: command.entry.key, entry: command.entry }] : [];
}

/** The scopes that a machine's token begins with. */
function scopesOf({ transaction }: JsonObject): string[] {
  const scopes = typeof transaction === 'object' && transaction !== null && 'target_scopes' in transaction;
  const list = scopes ? transaction.target_scopes : [];
  return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
}
