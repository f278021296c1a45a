import type { Finding, RulesChecked } from '../../../contract/code-check.ts';
import type { Found, FoundAction, FoundConfig, FoundRule } from './read-export.ts';

/** Something that was found, and what the server says of it. */
export type Looked<T> = {
  readonly thing: T;
  readonly findings: readonly Finding[];
  /** Values that it needs and that are neither in the export nor here: it comes along, and does not run yet. */
  readonly without: readonly string[];
  /** It fails until something is set or made here, as its findings say: the same. */
  readonly waits: boolean;
  /** Its name is taken here, so it is not brought along. */
  readonly isHere: boolean;
};
export type Report = Omit<Found, 'rules' | 'actions'> & {
  readonly rules: readonly Looked<FoundRule>[];
  readonly actions: readonly Looked<FoundAction>[];
  /** Keys of the configuration that have a value here already. */
  readonly here: readonly string[];
};

/** Names that are taken on the server. */
export type Taken = { readonly rules: ReadonlySet<string>; readonly actions: ReadonlySet<string> };

type Checked = RulesChecked['checked'][number];

/**
 * A rule, and which values it would miss.
 *
 * @param here keys that have a value on the server
 * @param taken names of rules that are there
 */
export function lookedRule(
  thing: FoundRule,
  { findings, configuration }: Checked,
  configs: readonly FoundConfig[],
  here: readonly string[],
  taken: Taken['rules'],
): Looked<FoundRule> {
  const has = new Set([...here, ...valued(configs)]);
  // One that may read any value misses whatever is known to be missing.
  const read = configuration ?? configs.map(({ key }) => key);
  const without = read.filter((key) => !has.has(key));
  return { thing, findings, without, waits: findings.some(({ waits }) => waits), isHere: taken.has(thing.name) };
}

/** An action, and which secrets it would miss. */
export function lookedAction(
  thing: FoundAction,
  findings: readonly Finding[],
  taken: Taken['actions'],
): Looked<FoundAction> {
  const without = thing.secrets.flatMap(({ key, value }) => (value === undefined ? [key] : []));
  return { thing, findings, without, waits: findings.some(({ waits }) => waits), isHere: taken.has(thing.name) };
}

/** Is there something in it that cannot work here? */
export function stops({ findings }: Looked<unknown>): boolean {
  return findings.some((finding) => finding.stops);
}

/** Does it come along? What cannot run here does not, and what is here already. */
export function comesAlong(looked: Looked<unknown>): boolean {
  return !looked.isHere && !stops(looked);
}

/** Values of the configuration that come along: those that are here stay as they are, as it is with names. */
export function comingValues({ configs, here }: Report): { readonly key: string; readonly value: string }[] {
  return configs.flatMap(({ key, value }) => (value === undefined || here.includes(key) ? [] : [{ key, value }]));
}

/** How many run here, and what becomes of the others. */
export function verdictOf({ rules, actions }: Pick<Report, 'rules' | 'actions'>): string {
  const all = [...rules, ...actions];
  const [running, here] = [all.filter((one) => !stops(one)).length, all.filter(({ isHere }) => isHere).length];
  const otherwise = all.filter((looked) => !stops(looked) && looked.findings.length > 0).length;
  const one = running === 1;
  const asTheyAre = running < all.length ? '' : one ? ' as it is' : ' as they are';
  const how = otherwise > 0 ? `, ${otherwise} with a difference` : asTheyAre;
  const rest = running < all.length ? `${how}. What does not stays behind` : how;
  const taken =
    here === 0
      ? ''
      : here === 1
        ? ' One is here already and stays behind.'
        : ` ${here} are here already and stay behind.`;
  return `${running} of ${all.length} ${one ? 'runs' : 'run'} here${rest}.${taken}`;
}

/** The report of somebody who may not write actions: how many there were is told. */
export function withoutActions(report: Report, count: number): Report {
  if (count === 0) return report;
  const what = count === 1 ? 'An action is among them and stays' : `${count} actions are among them and stay`;
  const problem = `${what} behind: your role does not let you write actions (create:actions).`;
  return { ...report, problems: [...report.problems, problem] };
}

/** Values that are to be typed for what comes along, since no export has them: Auth0 shows them to nobody. */
export function missingValues({ configs, rules, actions, here }: Report): {
  configs: string[];
  unread: string[];
  secrets: string[];
} {
  const has = new Set([...here, ...valued(configs)]);
  const named = rules.filter(comesAlong).flatMap(({ without }) => without);
  const read = new Set(rules.flatMap(({ without }) => without));
  return {
    configs: [...new Set(named)].filter((key) => !has.has(key)),
    unread: configs.map(({ key }) => key).filter((key) => !has.has(key) && !read.has(key)),
    secrets: actions
      .filter(comesAlong)
      .flatMap(({ thing, without }) => without.map((secret) => `${secret} of ${thing.name}`)),
  };
}

/** May it run at once? What misses a value or waits for a setting would fail, and refuse everybody who signs in. */
export function isComplete({ without, waits }: Looked<unknown>): boolean {
  return without.length === 0 && !waits;
}

/** Why it does not run at once. */
export function waitingFor({ without, waits }: Looked<unknown>): string {
  const values = without.length === 1 ? 'which has no value here yet' : 'which have no values here yet';
  return [
    ...(without.length > 0 ? [`it reads ${without.join(', ')}, ${values}`] : []),
    ...(waits ? ['until then it would fail, and refuse who signs in'] : []),
  ].join('; ');
}

function valued(configs: readonly FoundConfig[]): string[] {
  return configs.flatMap(({ key, value }) => (value === undefined ? [] : [key]));
}
