import type { Base } from '../../base/base.ts';
import type { TimelineEntry } from '../../features/customers/customers.ts';
import type { Caller } from './caller.ts';
import { ruleNamesOf } from './rule-names.ts';
import { questionsIn } from './timeline-questions.ts';

/** What is called by ids alone in rows of a timeline. */
export type TimelineNames = {
  /** Those that the caller may know of, by the id of the asking. */
  readonly questions: ReadonlyMap<string, string>;
  /** By what rows say who changed the profile (`library:<id>`, `rule:<id>`). */
  readonly rules: ReadonlyMap<string, string>;
};

/** What these rows of a customer's timeline are about and by, as it is called. */
export async function timelineNamesIn(
  base: Base,
  caller: Caller,
  customer: string,
  entries: readonly TimelineEntry[],
): Promise<TimelineNames> {
  const questions = await questionsIn(base, caller, customer, entries);
  const rules = await ruleNamesOf(
    base,
    entries.flatMap((entry) => changedBy(entry) ?? []),
  );
  return { questions, rules };
}

/** Who changed the profile, if that is what a row tells. */
export function changedBy({ name, data: { by } }: Pick<TimelineEntry, 'name' | 'data'>): string | undefined {
  return name === 'profile_changed' && typeof by === 'string' ? by : undefined;
}
