import type { ApiTimelineRow } from '../../../contract/timeline.ts';
import { consentName } from '../../ui/consent-purposes.ts';
import { ruleInWords } from './value-text.ts';

type Row = Pick<ApiTimelineRow, 'name' | 'description' | 'data'>;
type Names = (path: string) => string;

const whys: Readonly<Record<string, string>> = {
  late: 'it took too long',
  not_reached: 'there was no time left for it',
  too_much: 'it took too much of the machine',
};

const mostNamed = 3;

/**
 * What happened, and what it is about by its name: "A rule failed at the sign-in: Income by area", "Took a consent back:
 * Mails", "Profile changed: City, Country".
 *
 * @param nameOfPath what values are called
 */
export function sentenceOf({ name, description, data }: Row, nameOfPath: Names): string {
  const names = name === 'profile_changed' ? valuesIn(data, nameOfPath) : namesIn(data, nameOfPath);
  return names.length === 0 ? description : `${description}: ${names.join(', ')}`;
}

/** Who changed a profile: "the ready rule “Income by area”", "staff", "the company"; undefined where that is not told. */
export function changedBy({
  name,
  source,
  data,
}: Pick<ApiTimelineRow, 'name' | 'source' | 'data'>): string | undefined {
  if (name !== 'profile_changed') return undefined;
  if (source === 'staff') return 'staff';
  if (source === 'api') return 'the company';
  const { by, by_name: called } = data;
  return typeof by === 'string' ? ruleInWords(by, typeof called === 'string' ? called : null) : undefined;
}

/** The first few of the values that were changed, and how many there are besides. */
function valuesIn({ paths }: Row['data'], nameOfPath: Names): string[] {
  const all = Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : [];
  // A name that has a comma would read as two.
  const clear = (name: string) => (name.includes(',') ? `“${name}”` : name);
  const names = [...new Set(all.map((path) => clear(nameOfPath(path))))];
  const rest = names.length - mostNamed;
  // One name takes no more room than "and 1 more".
  if (rest <= 1) return names;
  return [`${names.slice(0, mostNamed).join(', ')} and ${rest} more`];
}

/** Rows of long ago have ids alone, which say nothing to anybody. */
function namesIn({ rule_name, question, path, purpose, topic, failures }: Row['data'], nameOfPath: Names): string[] {
  const name = rule_name ?? question;
  if (typeof name === 'string') return [name];
  if (typeof path === 'string') return [nameOfPath(path)];
  if (typeof purpose === 'string') return [consentName({ purpose, topic: typeof topic === 'string' ? topic : null })];
  return Array.isArray(failures) ? failures.flatMap(failureIn) : [];
}

function failureIn(failure: Row['data'][string]): string[] {
  if (typeof failure !== 'object' || failure === null || Array.isArray(failure)) return [];
  const { rule_name, why } = failure;
  if (typeof rule_name !== 'string') return [];
  const told = typeof why === 'string' ? whys[why] : undefined;
  return [told === undefined ? rule_name : `${rule_name} (${told})`];
}
