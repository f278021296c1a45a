import { type Selectable, sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';
import type { JsonObject } from '../../base/json.ts';

export type AnswerRow = Selectable<DB['enrichment_answers']>;

/** Whom a source is asked about. */
export type Asked = { readonly subject: string; readonly source: string };

export function readAnswer(db: Db, { subject, source }: Asked): Promise<AnswerRow | undefined> {
  return db
    .selectFrom('enrichment_answers')
    .selectAll()
    .where('subject', '=', subject)
    .where('source', '=', source)
    .executeTakeFirst();
}

/**
 * Takes the right to ask, if it is time to: nobody asked yet, the last answer is old, or another question is asked and
 * the last one was long enough ago. Of many at once one gets it.
 */
export async function claimQuestion(
  tx: Db,
  { subject, source }: Asked,
  claim: { question: JsonObject; askedFor: Buffer; at: Date; otherBefore: Date; leaseUntil: Date },
): Promise<boolean> {
  const { question, askedFor, at, otherBefore, leaseUntil } = claim;
  const found = await sql`
    insert into enrichment_answers as a (subject, source, question, asked_for, status, asked_at, ask_again_at)
    values (${subject}, ${source}, ${JSON.stringify(question)}::jsonb, ${askedFor}, 'asking', ${at}, ${leaseUntil})
    on conflict (subject, source) do update set question = excluded.question, asked_for = excluded.asked_for,
      status = 'asking', attempts = 0, asked_at = excluded.asked_at, ask_again_at = excluded.ask_again_at
    where a.ask_again_at <= ${at}
      or (a.status <> 'asking' and a.asked_for <> excluded.asked_for and a.asked_at <= ${otherBefore})
    returning subject`.execute(tx);
  return found.rows.length > 0;
}

/** Keeps what came of a question, if it is still the one that is asked. */
export async function settleQuestion(
  tx: Db,
  { subject, source }: Asked,
  settled: { status: 'hit' | 'miss' | 'failed'; askedAt: Date; askAgainAt: Date },
): Promise<boolean> {
  const found = await sql`
    update enrichment_answers set status = ${settled.status}, question = null, ask_again_at = ${settled.askAgainAt}
    where subject = ${subject} and source = ${source} and status = 'asking' and asked_at = ${settled.askedAt}
    returning subject`.execute(tx);
  return found.rows.length > 0;
}

/** It goes on to be asked: until then nobody else asks. */
export async function postponeQuestion(tx: Db, { subject, source }: Asked, askedAt: Date, until: Date): Promise<void> {
  await sql`
    update enrichment_answers set attempts = attempts + 1, ask_again_at = ${until}
    where subject = ${subject} and source = ${source} and status = 'asking' and asked_at = ${askedAt}`.execute(tx);
}

/** What was asked about these subjects. */
export function readAnswersOf(db: Db, subjects: readonly string[]): Promise<AnswerRow[]> {
  return db
    .selectFrom('enrichment_answers')
    .selectAll()
    .where('subject', 'in', subjects.length > 0 ? [...subjects] : [''])
    .orderBy('source')
    .orderBy('asked_at')
    .execute();
}

export async function deleteAnswers(tx: Db, subjects: readonly string[]): Promise<void> {
  await sql`delete from enrichment_answers where subject = any(${subjects}::uuid[])`.execute(tx);
}
