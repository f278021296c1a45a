import { leavesOf } from '../../../contract/conditions.ts';
import type { Base } from '../../base/base.ts';
import type { Live } from './due.ts';
import { readContent } from './known-content.ts';
import { type QuestionRow, readQuestions } from './questions-store.ts';

/** A question that is live, with what its condition looks at. */
export type LiveQuestion = Live & {
  readonly contentVersion: number;
  readonly attributes: readonly string[];
};

/** So many are live at once at most. */
export const mostLive = 500;

/** The questions that are live, in their order; from memory. */
export function liveQuestions({ db, settings }: Pick<Base, 'db' | 'settings'>): Promise<LiveQuestion[]> {
  return settings.remember('live questions', async () => {
    const rows = await readQuestions(db, { state: 'live' }, { limit: mostLive, offset: 0 });
    return rows.map(toLive);
  });
}

/** A question as the decision looks at it. */
export function toLive(row: QuestionRow): LiveQuestion {
  const { data: content, error } = readContent(row.id, row.content);
  if (!content) throw error;
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
