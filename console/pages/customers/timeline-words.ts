import type { ApiTimelineRow } from '../../../contract/timeline.ts';

type Row = Pick<ApiTimelineRow, 'description' | 'data'>;

const whys: Readonly<Record<string, string>> = {
  late: 'it took too long',
  not_reached: 'there was no time left for it',
  too_much: 'it took too much of the machine',
};

/** What happened, and what it is about by its name: "A rule failed at the sign-in: Income by area". */
export function sentenceOf({ description, data }: Row): string {
  const names = namesIn(data);
  return names.length === 0 ? description : `${description}: ${names.join(', ')}`;
}

/** Rows of long ago have ids alone, which say nothing to anybody. */
function namesIn({ rule_name, question, failures }: Row['data']): string[] {
  const name = rule_name ?? question;
  if (typeof name === 'string') return [name];
  return Array.isArray(failures) ? failures.flatMap(failureIn) : [];
}

function failureIn(failure: Row['data'][string]): string[] {
  if (typeof failure !== 'object' || failure === null || Array.isArray(failure)) return [];
  const { rule_name, why } = failure;
  if (typeof rule_name !== 'string') return [];
  const told = typeof why === 'string' ? whys[why] : undefined;
  return [told === undefined ? rule_name : `${rule_name} (${told})`];
}
