import { type Selectable, sql } from 'kysely';
import type { QuestionContent } from '../../../contract/questions.ts';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';

/** A question with the content that is asked now. */
export type QuestionRow = Selectable<DB['questions']> & { readonly content: QuestionContent };

/** What can be written of a question, besides its content. */
export type QuestionColumns = {
  name: string;
  state: 'draft' | 'live' | 'paused';
  brand: string | null;
  starts_at: Date | null;
  ends_at: Date | null;
};

export async function insertQuestion(tx: Db, id: string, columns: QuestionColumns, at: Date): Promise<void> {
  await sql`
    insert into questions (id, name, state, brand, starts_at, ends_at, position, content_version, version, created_at,
      updated_at)
    select ${id}, ${columns.name}, ${columns.state}, ${columns.brand}, ${columns.starts_at}, ${columns.ends_at},
      coalesce(max(position), 0) + 1, 1, 1, ${at}, ${at} from questions where removed_at is null`.execute(tx);
}

export async function insertVersion(
  tx: Db,
  question: string,
  number: number,
  content: QuestionContent,
  at: Date,
): Promise<void> {
  const row = { question, number, content: JSON.stringify(content), created_at: at };
  await tx.insertInto('question_versions').values(row).execute();
}

/** The question, held until the transaction ends. */
export async function holdQuestion(tx: Db, id: string): Promise<boolean> {
  const held = await tx
    .selectFrom('questions')
    .select('id')
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  return held !== undefined;
}

export async function updateQuestionRow(
  tx: Db,
  id: string,
  columns: Partial<QuestionColumns> & { content_version?: number },
  at: Date,
): Promise<void> {
  await tx
    .updateTable('questions')
    .set((eb) => ({ ...columns, version: eb('version', '+', 1), updated_at: at }))
    // Another content is another condition.
    .$if(columns.content_version !== undefined, (update) => update.set({ fault: null, fault_at: null }))
    .where('id', '=', id)
    .execute();
}

export async function markRemoved(tx: Db, id: string, at: Date): Promise<boolean> {
  const gone = await tx
    .updateTable('questions')
    .set({ removed_at: at, updated_at: at })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  return gone.numUpdatedRows > 0n;
}

const faultAgainMs = 60_000;

/** Notes that this question could not be looked at, and why: of all the sign-ins that meet with it once a minute. */
export async function writeFault(db: Db, id: string, fault: string, at: Date): Promise<void> {
  const before = new Date(at.getTime() - faultAgainMs);
  await db
    .updateTable('questions')
    .set({ fault, fault_at: at })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('fault_at', 'is', null), eb('fault_at', '<=', before), eb('fault', '!=', fault)]))
    .execute();
}

const withContent = (db: Db) =>
  db
    .selectFrom('questions as q')
    .innerJoin('question_versions as v', (join) =>
      join.onRef('v.question', '=', 'q.id').onRef('v.number', '=', 'q.content_version'),
    )
    .selectAll('q')
    // What stands in the column went through the contract.
    .select(sql<QuestionContent>`v.content`.as('content'))
    .where('q.removed_at', 'is', null);

export function readQuestion(db: Db, id: string): Promise<QuestionRow | undefined> {
  return withContent(db).where('q.id', '=', id).executeTakeFirst();
}

/** Which are meant. `brands`: of no brand in particular, or one of these; null: all. */
export type Filter = {
  readonly state?: QuestionColumns['state'] | undefined;
  readonly brands?: readonly string[] | null;
};

/** Questions in their order. */
export function readQuestions(
  db: Db,
  { state, brands = null }: Filter,
  { limit, offset }: { limit: number; offset: number },
): Promise<QuestionRow[]> {
  let query = withContent(db);
  if (state !== undefined) query = query.where('q.state', '=', state);
  if (brands !== null) query = query.where(sql<boolean>`(q.brand is null or q.brand = any(${brands}::uuid[]))`);
  return query.orderBy('q.position').orderBy('q.id').limit(limit).offset(offset).execute();
}

export async function countQuestions(db: Db, { state, brands = null }: Filter = {}): Promise<number> {
  let query = db.selectFrom('questions as q').where('q.removed_at', 'is', null);
  if (state !== undefined) query = query.where('q.state', '=', state);
  if (brands !== null) query = query.where(sql<boolean>`(q.brand is null or q.brand = any(${brands}::uuid[]))`);
  const row = await query.select((eb) => eb.fn.countAll<string>().as('count')).executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** The content that somebody was shown, whatever has become of the question. */
export async function readVersion(
  db: Db,
  question: string,
  number: number,
): Promise<{ content: QuestionContent; name: string } | undefined> {
  return db
    .selectFrom('question_versions as v')
    .innerJoin('questions as q', 'q.id', 'v.question')
    .select([sql<QuestionContent>`v.content`.as('content'), 'q.name'])
    .where('v.question', '=', question)
    .where('v.number', '=', number)
    .executeTakeFirst();
}

/** These questions are asked in this order, the others behind them as they were. @returns how many of them there are */
export async function placeQuestions(tx: Db, ids: readonly string[], at: Date): Promise<number> {
  const { rows } = await sql<{ placed: number }>`
    with wanted as (select id, place from unnest(${ids}::uuid[]) with ordinality as w (id, place)),
    ordered as (
      select q.id, w.place is not null as is_named, row_number() over (order by w.place nulls last, q.position, q.id) as place
      from questions q left join wanted w on w.id = q.id where q.removed_at is null
    ),
    moved as (
      update questions q set position = o.place, updated_at = ${at}
      from ordered o where o.id = q.id and q.position is distinct from o.place
    )
    select count(*)::integer as placed from ordered where is_named`.execute(tx);
  return rows[0]?.placed ?? 0;
}
