import { leavesOf } from '../../../contract/conditions.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import type { Live } from './due.ts';
import { readContent } from './known-content.ts';
import { type QuestionRow, readQuestions, writeFault } from './questions-store.ts';

/** A question that is live, with what its condition looks at. */
export type LiveQuestion = Live & {
  readonly contentVersion: number;
  readonly attributes: readonly string[];
};

/** So many are live at once at most. */
export const mostLive = 500;

/** The questions that are live and can be read, in their order; from memory. */
export function liveQuestions({ db, settings }: Pick<Base, 'db' | 'settings'>): Promise<LiveQuestion[]> {
  return settings.remember('live questions', async () => {
    const rows = await readQuestions(db, { state: 'live' }, { limit: mostLive, offset: 0 });
    const questions = rows.map((row) => ({ row, question: toLive(row) }));
    // One that cannot be read stops no other.
    for (const { row, question } of questions) {
      if (!question) await writeFault(db, row.id, unreadable, now());
    }
    return questions.flatMap(({ question }) => question ?? []);
  });
}

/** What the console says of a question whose content is none by the contract: an older one, or from a backup. */
export const unreadable = 'Its content cannot be read any more. Save it again.';

/** A question as the decision looks at it; undefined: its content cannot be read any more. */
export function toLive(row: QuestionRow): LiveQuestion | undefined {
  const { data: content } = readContent(row.id, row.content);
  if (!content) return undefined;
  return {
    id: row.id,
    brand: row.brand,
    state: row.state === 'live' || row.state === 'paused' ? row.state : 'draft',
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    content,
    contentVersion: row.content_version,
    attributes: content.when ? [...new Set(leavesOf(content.when).map(({ attribute }) => attribute))] : [],
  };
}
