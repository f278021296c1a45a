import type { Base } from '../../../base/base.ts';
import { isProblem } from '../../../base/errors.ts';
import type { JsonObject } from '../../../base/json.ts';
import {
  isActionBound,
  type PostLoginOutcome,
  runPostLogin,
  type Suspended,
} from '../../../features/actions/actions.ts';
import { findById } from '../../../features/customers/customers.ts';
import { questionsForCode } from '../../../features/questions/questions.ts';
import { type Decided, isScope } from '../../oidc/oidc.ts';
import { deadlineOf, keepRuns } from '../../triggers/triggers.ts';
import { eventOfLogin } from './event.ts';
import { factorOf } from './factor-wishes.ts';
import type { Host } from './host.ts';
import { updateMetadata } from './metadata.ts';
import type { Why } from './note.ts';
import type { Occasion } from './occasion.ts';
import { BadVerdict, failed, readClaims, readRedirect, refusedWith } from './outcome.ts';
import { type ShownUser, showUser } from './user.ts';

/** What of a sign-in actions are told beside its event. */
export type ActionsRun = {
  readonly occasion: Occasion;
  readonly host: Host;
  readonly shown: ShownUser;
  /** What rules decided before. */
  readonly decided: Decided;
  /** Ids of the rules that ran. */
  readonly executedRules: readonly string[];
  readonly resume?: Suspended | undefined;
  /** `event.prompt` where it goes on with what was answered. */
  readonly prompt?: JsonObject | undefined;
};

export type ActionsVerdict =
  | (Why & { readonly execution: string; readonly revoke?: PostLoginOutcome['revoke'] })
  | {
      readonly decided: Decided;
      /** Id of how they ran; none: none did. */
      readonly execution?: string | undefined;
      /** `api.authentication.setPrimaryUser` */
      readonly primary?: string | undefined;
      /** Ways that were passed at another site. */
      readonly methods: readonly string[];
      readonly redirect?: { readonly url: string; readonly suspended: Suspended } | undefined;
      /** A question that is to be asked first. */
      readonly prompt?: PostLoginOutcome['prompt'];
    };

/**
 * Runs the actions at post-login, after the rules, and does what they asked for: their metadata is written whatever else
 * happened, their claims stand over those of rules.
 */
export async function runActions(base: Base, run: ActionsRun): Promise<ActionsVerdict> {
  const { host, decided, executedRules, resume, prompt } = run;
  if (!resume && !(await isActionBound(base, 'post-login'))) return { decided, methods: [] };
  const deadlineMs = await deadlineOf(base);
  // Break glass: all code of the umbrella is off.
  if (deadlineMs === undefined) return { decided, methods: [] };
  const { occasion, shown } = await asRulesLeft(base, run);
  const event = await eventOfLogin(base, occasion, shown, prompt);
  const outcome = await runPostLogin(base, {
    event,
    host: host.callOfActions,
    customer: occasion.customer.id,
    canRedirect: hasBrowser(occasion),
    executedRules,
    forms: () => questionsForCode(base),
    resume,
    deadlineMs,
  });
  if (!outcome) return { decided, methods: [] };
  keepRuns(base, occasion.customer.id, outcome);
  try {
    if (!outcome.redirect && !outcome.prompt) await keepMetadata(base, host, occasion, outcome);
    return await verdictOn(base, occasion, decided, outcome);
  } catch (error) {
    if (!(error instanceof BadVerdict)) throw error;
    const { execution, revoke } = outcome;
    return { refused: failed, rule: undefined, reason: error.message, execution, revoke };
  }
}

/** What rules have written is there for the actions behind them. Where they wrote nothing, nothing is read. */
async function asRulesLeft(
  base: Base,
  { occasion, host, shown }: ActionsRun,
): Promise<Pick<ActionsRun, 'occasion' | 'shown'>> {
  const customer = host.hasWritten() ? await findById(base.db, occasion.customer.id) : undefined;
  // Whoever is another's by now is told as they came: whose the sign-in is, is said when all code has run.
  if (customer?.id !== occasion.customer.id) return { occasion, shown };
  const left = { ...occasion, customer };
  return { occasion: left, shown: await showUser(base, left) };
}

/** What actions asked for, as far as it can be done. @throws BadVerdict */
async function verdictOn(
  base: Base,
  occasion: Occasion,
  decided: Decided,
  outcome: PostLoginOutcome,
): Promise<ActionsVerdict> {
  const { execution, refused, redirect, revoke, primary, runs } = outcome;
  if (refused) {
    const { action: rule, by, message: reason } = refused;
    const name = runs.find(({ id }) => id === rule)?.name;
    return { refused: by === 'failed' ? failed : refusedWith(reason), rule, name, reason, execution, revoke };
  }
  if (redirect)
    return { decided, methods: [], execution, primary, redirect: { ...redirect, url: readRedirect(redirect.url) } };
  if (outcome.prompt) return { decided, methods: [], execution, primary, prompt: outcome.prompt };
  const factor = await factorOf(base, occasion, outcome.factors, decided.multifactor);
  if ('refused' in factor) {
    return { refused: refusedWith(factor.refused), rule: undefined, reason: factor.refused, execution };
  }
  const { methods } = outcome;
  return { decided: { ...withTokens(decided, outcome), ...factor }, methods, execution, primary };
}

/** @throws BadVerdict */
async function keepMetadata(base: Base, host: Host, { customer }: Occasion, outcome: PostLoginOutcome): Promise<void> {
  const by = { origin: 'actions', only: customer.id };
  for (const [place, patch] of [
    ['user_metadata', outcome.userMetadata],
    ['app_metadata', outcome.appMetadata],
  ] as const) {
    if (Object.keys(patch).length === 0) continue;
    host.noteWriting();
    try {
      await updateMetadata(base, place, { user_id: customer.user_id, patch }, by);
    } catch (error) {
      throw isProblem(error, 'invalid_body') ? new BadVerdict(error.message) : error;
    }
  }
}

function withTokens(decided: Decided, { idToken, accessToken, addScopes, removeScopes }: PostLoginOutcome): Decided {
  const { added = [], removed = [] } = decided.scopes ?? {};
  const scopes = {
    added: [...added.filter((one) => !removeScopes.includes(one)), ...addScopes.filter(isScope)],
    removed: [...removed.filter((one) => !addScopes.includes(one)), ...removeScopes.filter(isScope)],
  };
  return {
    ...decided,
    ...over('id_token', decided.id_token, idToken),
    ...over('access_token', decided.access_token, accessToken),
    ...(scopes.added.length + scopes.removed.length > 0 && { scopes }),
  };
}

function over(name: 'id_token' | 'access_token', before: JsonObject = {}, added: JsonObject): Decided {
  return readClaims(name, { ...before, ...added });
}

/** Is there somebody whose browser can be sent elsewhere? */
export function hasBrowser({ visit: { silent, wire } }: Pick<Occasion, 'visit'>): boolean {
  return !silent && !['oauth2-password', 'oauth2-refresh-token'].includes(wire.protocol);
}
