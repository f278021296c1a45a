import { questionContent } from '../../../contract/questions.ts';
import type { Base } from '../../base/base.ts';
import type { TimelineEntry } from '../../features/customers/customers.ts';
import { readAsks } from '../../features/questions/questions.ts';
import type { Caller } from './caller.ts';
import { seesContent } from './question-sight.ts';

/**
 * What the questions are called that rows of a customer's timeline are about, by the id of the asking. That one was
 * answered tells what its condition looks at: only those are told that the caller could see with the customer's questions.
 */
export async function questionsIn(
  { db }: Pick<Base, 'db'>,
  caller: Caller,
  customer: string,
  entries: readonly TimelineEntry[],
): Promise<ReadonlyMap<string, string>> {
  const only = entries.flatMap((entry) => askingIn(entry) ?? []);
  if (only.length === 0 || !caller.scopes.has('read:questions') || !caller.scopes.has('read:users')) return new Map();
  const { brands } = caller.access;
  const asks = await readAsks(db, customer, { limit: only.length, offset: 0, brands: brands && [...brands], only });
  const seen = asks.filter(({ content }) => {
    const read = questionContent.safeParse(content);
    return read.success && seesContent(caller, read.data);
  });
  return new Map(seen.map(({ id, name }) => [id, name]));
}

/** The asking that a row is about; undefined: it is about none. */
export function askingIn({ name, data: { asking } }: Pick<TimelineEntry, 'name' | 'data'>): string | undefined {
  return name === 'question_answered' && typeof asking === 'string' ? asking : undefined;
}
