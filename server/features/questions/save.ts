import type { QuestionContent, QuestionDraft, QuestionPatch } from '../../../contract/questions.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';
import { compile, type Fields } from '../conditions/conditions.ts';
import { readMayAsk, whyNotAsked } from './askable.ts';
import { fieldsOfQuestion } from './percentage.ts';
import {
  countQuestions,
  holdQuestion,
  insertQuestion,
  insertVersion,
  markRemoved,
  placeQuestions,
  type QuestionColumns,
  type QuestionRow,
  readQuestion,
  updateQuestionRow,
} from './questions-store.ts';

type Ground = Pick<Base, 'db' | 'settings'>;

/** So many questions there are at most. */
export const mostQuestions = 500;

/** All live ones are read anew whenever a setting changes. */
const mostBytes = 65_536;

/**
 * Makes a question, behind all others.
 *
 * @param fields what its condition may look at
 * @throws Problem `invalid_body` for a field that cannot be asked, `invalid_query` for a condition that is broken,
 *   `too_many` beyond 500
 */
export async function createQuestion(ground: Ground, draft: QuestionDraft, fields: Fields): Promise<QuestionRow> {
  const id = uuid();
  await checkContent(ground.db, draft.content, fieldsOfQuestion(id, fields));
  return change(ground, id, async (tx) => {
    if ((await countQuestions(tx)) >= mostQuestions) {
      throw new Problem('invalid_body', `There are ${mostQuestions} questions already; remove one first.`);
    }
    const { name, state = 'draft', brand = null, starts_at, ends_at, content } = draft;
    const columns = { name, state, brand, starts_at: null, ends_at: null, ...datesOf({ starts_at, ends_at }) };
    await insertQuestion(tx, id, columns, now());
    await insertVersion(tx, id, 1, content, now());
  });
}

/**
 * Changes what the patch names; a new content is a new version, and who looks at the old one answers that.
 *
 * @throws Problem as `createQuestion`; `not_found`, `changed_meanwhile`
 */
export async function changeQuestion(
  ground: Ground,
  id: string,
  { content, if_version, starts_at, ends_at, ...plain }: QuestionPatch,
  fields: Fields,
): Promise<QuestionRow> {
  if (content) await checkContent(ground.db, content, fieldsOfQuestion(id, fields));
  return change(ground, id, async (tx) => {
    const present = (await holdQuestion(tx, id)) && (await readQuestion(tx, id));
    if (!present) throw noSuchQuestion();
    if (if_version !== undefined && present.version !== if_version) throw new Problem('changed_meanwhile');
    // The catalogue may have changed since it was written.
    if (plain.state === 'live' && present.state !== 'live' && !content) await checkAsked(tx, present.content);
    const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
    const columns: Partial<QuestionColumns> & { content_version?: number } = {
      ...given,
      ...datesOf({ starts_at, ends_at }),
    };
    if (content) {
      columns.content_version = present.content_version + 1;
      await insertVersion(tx, id, columns.content_version, content, now());
    }
    await updateQuestionRow(tx, id, columns, now());
  });
}

/** Removes a question. What customers were asked and said stays theirs. @throws Problem `not_found` */
export async function removeQuestion({ db, settings }: Ground, id: string): Promise<void> {
  await transact(db, async (tx) => {
    if (!(await markRemoved(tx, id, now()))) throw noSuchQuestion();
    await settings.changed(tx);
  });
}

/** Asks questions in this order; those that are not named come behind. @throws Problem `not_found` */
export async function orderQuestions({ db, settings }: Ground, ids: readonly string[]): Promise<void> {
  const wanted = [...new Set(ids)];
  await transact(db, async (tx) => {
    if ((await placeQuestions(tx, wanted, now())) < wanted.length) throw noSuchQuestion();
    await settings.changed(tx);
  });
}

/** The question with this id. @throws Problem `not_found` */
export async function getQuestion(db: Db, id: string): Promise<QuestionRow> {
  const found = await readQuestion(db, id);
  if (!found) throw noSuchQuestion();
  return found;
}

function noSuchQuestion(): Problem {
  return new Problem('not_found', 'The question does not exist');
}

function change({ db, settings }: Ground, id: string, write: (tx: Db) => Promise<void>): Promise<QuestionRow> {
  return transact(db, async (tx) => {
    await write(tx);
    await settings.changed(tx);
    return getQuestion(tx, id);
  });
}

type Dates = { starts_at?: string | null | undefined; ends_at?: string | null | undefined };

function datesOf(dates: Dates): { starts_at?: Date | null; ends_at?: Date | null } {
  const toDate = (text: string | null) => (text === null ? null : new Date(text));
  return {
    ...(dates.starts_at !== undefined && { starts_at: toDate(dates.starts_at) }),
    ...(dates.ends_at !== undefined && { ends_at: toDate(dates.ends_at) }),
  };
}

async function checkContent(db: Db, content: QuestionContent, fields: Fields): Promise<void> {
  if (Buffer.byteLength(JSON.stringify(content)) > mostBytes) {
    throw new Problem('invalid_body', "Payload validation error: 'A question has 64 kB at most' on property content.");
  }
  // What cannot be compiled cannot be evaluated either.
  if (content.when) compile(content.when, fields);
  await checkAsked(db, content);
}

/** What a question asks for may be asked: when it is written, and when it goes live later. */
async function checkAsked(db: Db, { variants }: QuestionContent): Promise<void> {
  const mayAsk = await readMayAsk(db);
  for (const [place, variant] of variants.entries()) {
    const refused = variant.fields.find((field) => 'path' in field && !mayAsk(field.path));
    if (refused && 'path' in refused) {
      const where = `content.variants.${place}.fields.${refused.key}`;
      const reason = whyNotAsked(refused.path);
      throw new Problem('invalid_body', `Payload validation error: '${reason}' on property ${where}.`);
    }
  }
}
