import { type Selectable, sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';
import type { JsonObject } from '../../base/json.ts';
import { statement } from '../../base/statement.ts';
import type { Source } from './source.ts';

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

/** For the first of what many answers say: `kind` and `askedFor` of who would ask now, `at`. */
export type Look = { readonly kind: Source['kind']; readonly askedFor: Buffer; readonly at: Date };

const standing = statement<AnswerRow>(`
  select a.subject, a.source, a.question, a.asked_for, a.status, a.attempts, a.asked_at, a.ask_again_at
  from members m
  join members o on o.customer = m.customer and o.until is null
  join enrichment_answers a on a.subject = o.subject and a.source = $2
  where m.subject = $1::uuid and m.until is null
  order by (a.status = 'asking' and a.ask_again_at > $3::timestamptz) desc,
    ($4::boolean and a.asked_for = $5::bytea and a.ask_again_at > $3::timestamptz) desc,
    a.asked_at desc
  limit 1`);

/**
 * What stands between the customer and another question, of whichever of their subjects it was asked: that it is being
 * asked; that a source which finds something was asked the very same not long ago; or else what was asked last.
 */
export async function readStanding(
  db: Db,
  { subject, source }: Asked,
  { kind, askedFor, at }: Look,
): Promise<AnswerRow | undefined> {
  const [row] = await standing(db, [subject, source, at, kind === 'asked', askedFor]);
  return row;
}

/** The question is asked from now on; until `leaseUntil` nobody else does. The caller holds the customer's lock. */
export async function claimQuestion(
  tx: Db,
  { subject, source }: Asked,
  claim: { question: JsonObject; askedFor: Buffer; at: Date; leaseUntil: Date },
): Promise<void> {
  const { question, askedFor, at, leaseUntil } = claim;
  await sql`
    insert into enrichment_answers (subject, source, question, asked_for, status, asked_at, ask_again_at)
    values (${subject}, ${source}, ${JSON.stringify(question)}::jsonb, ${askedFor}, 'asking', ${at}, ${leaseUntil})
    on conflict (subject, source) do update set question = excluded.question, asked_for = excluded.asked_for,
      status = 'asking', attempts = 0, asked_at = excluded.asked_at, ask_again_at = excluded.ask_again_at`.execute(tx);
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
