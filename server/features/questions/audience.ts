import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { QuestionField } from '../../../contract/questions.ts';
import { compile, type Fields } from '../conditions/conditions.ts';
import { customerField } from '../customers/customers.ts';
import type { LiveQuestion } from './live-questions.ts';
import { fieldsOfQuestion } from './percentage.ts';

/** A condition over the columns of `customers`. */
type Where = RawBuilder<SqlBool>;

/** From what a question's audience is worked out. */
export type Audience = {
  /** Slug of the question's brand; null: it is asked at all. */
  readonly brand: string | null;
  /** What its condition may look at. */
  readonly fields: Fields;
  readonly pauseDays: number;
  readonly at: Date;
};

/**
 * Who would be asked this question if they came again now as they came last: its condition holds, something of it is not
 * known, and neither their pause nor what they said to it holds it back. Others in the order before it are not looked
 * at. What `decide` says of one customer, in SQL over `customers`.
 *
 * @throws Problem `invalid_query` for a condition that cannot be asked
 */
export function audienceOf(question: LiveQuestion, { brand, fields, pauseDays, at }: Audience): Where {
  const { when, variants, not_now } = question.content;
  const holds = when ? compile(when, fieldsOfQuestion(question.id, fields)) : sql<SqlBool>`true`;
  const atBrand = brand === null ? sql`true` : sql`customers.last_sign_in ->> 'brand' = ${brand}`;
  const left = variants.map(
    (variant) =>
      sql`(${sql.join(
        variant.fields.map((one) => isLeft(question.id, one, at)),
        sql` or `,
      )})`,
  );
  const step = sql`(${[...not_now.steps]}::integer[])[least(h.put_off, ${not_now.steps.length})]`;
  const heldBack =
    not_now.unit === 'days'
      ? sql`h.last_at > ${at}::timestamptz - make_interval(days => ${step})`
      : sql`customers.logins_count + 1 - h.last_sign_in <= ${step}`;
  return sql<SqlBool>`(
    customers.merged_into is null and not customers.blocked and customers.erase_at is null
    and customers.last_sign_in is not null and ${atBrand} and ${holds} and (${sql.join(left, sql` or `)})
    and not exists (
      select from members m join question_asks a on a.subject = m.subject
      where m.customer = customers.id and m.until is null
        and (a.shown_at > ${at}::timestamptz - make_interval(days => ${pauseDays})
          or (a.question = ${question.id} and a.outcome = 'never')))
    and not exists (
      select from (
        select count(*)::integer as put_off, max(a.ended_at) as last_at, max(a.sign_in_number) as last_sign_in
        from members m join question_asks a on a.subject = m.subject
        where m.customer = customers.id and m.until is null and a.question = ${question.id}
          and a.outcome in ('skipped', 'not_now')
      ) h where h.put_off > 0 and ${heldBack}))`;
}

/** Is this field still to be asked of the customer of the row? */
function isLeft(question: string, field: QuestionField, at: Date): RawBuilder<unknown> {
  const notAnswered = sql`not exists (
    select from members m join question_asks a on a.subject = m.subject
    where m.customer = customers.id and m.until is null and a.question = ${question}
      and a.outcome = 'answered' and ${field.key} = any(a.fields))`;
  return sql`(${'path' in field ? isUnknown(field.path, at) : isUnsaid(field)} and ${notAnswered})`;
}

function isUnknown(path: string, at: Date): RawBuilder<unknown> {
  const field = customerField(path, at);
  return field && 'sql' in field ? sql`${field.sql} is null` : sql`false`;
}

function isUnsaid({ type, purpose, ...field }: Extract<QuestionField, { purpose: string }>): RawBuilder<unknown> {
  const topics: readonly (string | null)[] =
    type === 'topics' && 'topics' in field ? field.topics : ['topic' in field ? (field.topic ?? null) : null];
  return sql`not exists (
    select from members m join consents c on c.subject = m.subject
    where m.customer = customers.id and m.until is null and c.purpose = ${purpose}
      and (c.topic is null and ${topics.includes(null)} or c.topic = any(${topics.filter((one) => one !== null)}::text[])))`;
}
