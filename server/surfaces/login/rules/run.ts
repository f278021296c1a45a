import type { Base } from '../../../base/base.ts';
import { findById } from '../../../features/customers/customers.ts';
import { type RulesOutcome, runRules, wasReached } from '../../../features/rules/rules.ts';
import type { Decided } from '../../oidc/oidc.ts';
import { askFirst } from '../ask.ts';
import type { Found, PageNeeded } from '../found.ts';
import { guard } from '../guard.ts';
import { stillAt } from '../held.ts';
import type { Visit } from '../visit.ts';
import { runActions } from './actions.ts';
import { goAway } from './away.ts';
import { contextOfRules } from './context.ts';
import { demandQuestion, promptOf } from './demand-question.ts';
import { type Host, openHost } from './host.ts';
import { type Kept, readKept } from './kept.ts';
import { makeNewcomer } from './newcomer-first.ts';
import { noteFailures, noteRefusal, type Why } from './note.ts';
import type { Occasion } from './occasion.ts';
import { BadVerdict, failed, refusedWith, verdictOf } from './outcome.ts';
import { revoke } from './revoke.ts';
import type { Refused, Ruled, Ruling } from './ruling.ts';
import { type ShownUser, showUser, userOfRules } from './user.ts';

/** Runs what is on: rules in their order, then actions. Called only where something is. */
export async function runCode(base: Base, visit: Visit, ruling: Ruling): Promise<Ruled | PageNeeded | Refused> {
  const { proven, found, told } = ruling;
  if (found.kind === 'new') {
    const made = await makeFirst(base, visit, { ...ruling, found });
    return 'page' in made ? made : runCode(base, visit, made);
  }
  const { id } = found.customer;
  const kept = await (proven.ahead?.customer === id ? proven.ahead.kept() : readKept(base, id));
  const occasion = occasionOf(visit, { ...ruling, found }, kept);
  const [host, shown] = await Promise.all([openHost(base, occasion), showUser(base, occasion)]);
  try {
    // Who comes back from where an action sent them has passed the rules.
    const { resume } = proven;
    const rules = resume ?? (await runRulesOf(base, occasion, host, shown));
    if ('refused' in rules) return await refuse(base, occasion, rules);
    if ('redirect' in rules) {
      return goAway(base, { proven, found: await asLeft(base, host, found, rules.primary) }, rules.redirect);
    }
    const { decided, executed } = rules;
    const acted = await runActions(base, {
      ...{ occasion, host, shown, decided },
      executedRules: executed,
      resume: resume?.suspended,
      prompt: resume?.prompt,
    });
    const executions = [...(proven.executions ?? []), ...(acted.execution === undefined ? [] : [acted.execution])];
    if ('refused' in acted) {
      if (acted.revoke) await revoke(base, occasion, acted.revoke);
      return await refuse(base, occasion, { ...acted, executions });
    }
    const primary = acted.primary ?? ('primary' in rules ? rules.primary : undefined);
    const left = await asLeft(base, host, found, primary);
    if (acted.redirect) {
      const { url, suspended } = acted.redirect;
      return goAway(
        base,
        { proven: { ...proven, executions }, found: left, resume: { suspended, decided, executed } },
        url,
      );
    }
    if (acted.prompt) {
      const { suspended, ...rendered } = acted.prompt;
      const at = { suspended, decided, executed };
      const asked = await demandQuestion(base, occasion, rendered, {
        ...{ proven: { ...proven, executions }, found: left },
        resume: at,
      });
      if (asked) return asked;
      // Nothing was left to ask: the action goes on at once.
      const on = {
        ...proven,
        executions,
        hasFactor: undefined,
        ahead: undefined,
        resume: { ...at, prompt: promptOf(rendered) },
      };
      return await runCode(base, visit, { ...ruling, proven: on, found: left });
    }
    const amr = [...new Set([...proven.amr, ...acted.methods])];
    // That there is no second factor was seen of who came: whom they were joined to may have one.
    const hasFactor = left.customer.id === found.customer.id ? proven.hasFactor : undefined;
    return { proven: { ...proven, amr, hasFactor, executions }, found: left, told, decided: acted.decided };
  } catch (error) {
    if (!(error instanceof BadVerdict)) throw error;
    return refuse(base, occasion, { refused: failed, rule: undefined, reason: error.message });
  }
}

/** Somebody new is a customer from here on. */
export async function makeFirst(
  base: Base,
  visit: Visit,
  { proven, found, told, signals }: Ruling & { found: Extract<Found, { kind: 'new' }> },
): Promise<Ruling | PageNeeded> {
  // Who passes no page and cannot be asked what must be asked first does not become a customer by trying.
  const first = await askFirst(base, visit, found);
  if (first) return first;
  const made = await makeNewcomer(base, visit, found, told, proven);
  return { proven: { ...proven, told: undefined }, signals, ...made };
}

type AfterRules =
  | Why
  | { readonly redirect: string; readonly primary: string | undefined }
  | { readonly decided: Decided; readonly executed: readonly string[]; readonly primary?: string | undefined };

async function runRulesOf(base: Base, occasion: Occasion, host: Host, shown: ShownUser): Promise<AfterRules> {
  const context = await contextOfRules(base, occasion);
  const input = { user: userOfRules(occasion, shown), context };
  const { call, auth0 } = host;
  const outcome: RulesOutcome = await runRules(base, { customer: occasion.customer.id, input, host: call, auth0 });
  const { refused, runs } = outcome;
  if (refused) {
    const { rule, by, message: reason } = refused;
    return { refused: by === 'unauthorized' ? refusedWith(reason) : failed, rule, reason };
  }
  await noteFailures(base, occasion, runs);
  const { decided, redirect, primary } = verdictOf(input, outcome);
  if (redirect !== undefined && occasion.visit.wire.protocol !== 'redirect-callback') return { redirect, primary };
  const executed = runs.filter(wasReached).map(({ id }) => id);
  return { decided, executed, primary };
}

async function refuse(base: Base, occasion: Occasion, why: Why): Promise<Refused> {
  await noteRefusal(base, occasion, why);
  return { refused: why.refused };
}

function occasionOf(
  visit: Visit,
  { proven, found, told, signals }: Ruling & { found: Exclude<Found, { kind: 'new' }> },
  kept: Kept,
): Occasion {
  const { customer } = found;
  return {
    visit,
    customer,
    subject: found.kind === 'known' ? found.subject : undefined,
    amr: proven.amr,
    factor: proven.factor,
    hasFactor: proven.hasFactor,
    connection: proven.connection,
    anew: proven.anew,
    told,
    signals,
    kept,
    logins: customer.logins_count + (visit.silent ? 0 : 1),
  };
}

/**
 * As code has left them; who was blocked, or whose sign-ins were all ended meanwhile, comes no further. A rule that joined
 * them to another account says so by `context.primaryUser`, an action by `setPrimaryUser`: then the sign-in is that account's.
 */
async function asLeft<Whose extends Exclude<Found, { kind: 'new' }>>(
  { db }: Base,
  host: Host,
  found: Whose,
  primary?: string,
): Promise<Whose> {
  if (!host.hasWritten()) return found;
  const { id, era } = found.customer;
  const now = await findById(db, id);
  const isJoined = now !== undefined && now.id !== id && now.user_id === primary;
  const customer = isJoined ? now : stillAt(now, id, era);
  guard(customer);
  return { ...found, customer };
}
