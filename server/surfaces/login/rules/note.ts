import type { Base } from '../../../base/base.ts';
import type { JsonObject } from '../../../base/json.ts';
import { type TimelineName, timelineNames } from '../../../features/accounts/accounts.ts';
import { appendTimeline, identitiesOf } from '../../../features/customers/customers.ts';
import { type RuleRun, readRuleNames, wasReached } from '../../../features/rules/rules.ts';
import type { Occasion } from './occasion.ts';
import { failed, type Refusal } from './outcome.ts';

/** Which rule or action refused, and why; `reason` is for the log. */
export type Why = {
  readonly refused: Refusal;
  readonly rule: string | undefined;
  /** What an action is called; the name of a rule is looked up. */
  readonly name?: string | undefined;
  readonly reason: string;
  /** Ids of how actions ran for the sign-in until then. */
  readonly executions?: readonly string[];
};

// What the portal is told says nothing to who looks for the fault.
const failedWords = 'It failed, was late or was never reached. Its log says more.';

/** Writes into the customer's timeline that code refused the sign-in; what it failed with goes to the log alone. */
export async function noteRefusal(base: Base, occasion: Occasion, why: Why): Promise<void> {
  const { refused, rule, reason, executions = [] } = why;
  const name = why.name ?? (rule === undefined ? undefined : (await readRuleNames(base.db, [rule])).get(rule));
  const isFailed = refused === failed;
  if (isFailed) base.log.warn({ rule, reason }, 'a sign-in was refused because a rule failed');
  const by = { ...(rule !== undefined && { rule }), ...(name !== undefined && { rule_name: name }) };
  const data = { ...by, reason: isFailed ? failedWords : refused.description, ...executionsAsJson(executions) };
  await note(base, occasion, refusalOf(occasion), data);
}

/** The same of rules that failed, without which the sign-in goes on. */
export async function noteFailures(base: Base, occasion: Occasion, runs: readonly RuleRun[]): Promise<void> {
  const broken = runs.filter(({ error }) => error !== undefined);
  if (broken.length === 0) return;
  base.log.warn({ rules: broken }, 'a sign-in went on without rules that failed');
  const rules = broken.map(({ id }) => id);
  const names = await readRuleNames(base.db, rules);
  const failures = broken.map((run) => ({ rule: run.id, rule_name: names.get(run.id) ?? null, why: kindOf(run) }));
  await note(base, occasion, 'rules_failed', { rules, failures });
}

/** One of a few words: how an error is called is the code's to say, and may be anything of the customer's. */
function kindOf({ error }: RuleRun): 'late' | 'not_reached' | 'too_much' | 'failed' {
  if (!wasReached({ error })) return 'not_reached';
  if (error?.name === 'deadline' || error?.name === 'TimeoutError') return 'late';
  return ['cpu', 'memory', 'output'].includes(error?.name ?? '') ? 'too_much' : 'failed';
}

function refusalOf({ visit: { wire, silent } }: Occasion): TimelineName {
  if (wire.protocol === 'oauth2-refresh-token') return 'refresh_refused_by_rules';
  if (wire.protocol === 'oauth2-password') return 'grant_refused_by_rules';
  return silent ? 'silently_refused_by_rules' : 'refused_by_rules';
}

async function note(base: Base, { visit, customer, ...occasion }: Occasion, name: TimelineName, data: JsonObject) {
  const { brand, portal, at, session, ip, userAgent } = visit;
  const subject = occasion.subject ?? (await identitiesOf(base.db, customer.id))[0]?.subject;
  if (subject === undefined) return;
  const from = { brand: brand.id, portal: portal.client_id, session, ip, userAgent, source: 'login' };
  const all = { connection: occasion.connection, amr: [...occasion.amr], ...data };
  const row = { class: timelineNames[name].class, name, subject, occurredAt: at, data: all };
  await appendTimeline(base.db, [{ ...from, ...row }]);
}

/** As Auth0 has it in its logs; nothing where no action ran. */
export function executionsAsJson(executions: readonly string[]): JsonObject {
  return executions.length === 0 ? {} : { actions: { executions: [...executions] } };
}
