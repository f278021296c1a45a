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
  /**
   * How it is used: `some` looks at the askings of each customer that it comes to, `all` once at all askings that can
   * matter, for who goes through all customers. They mean the same.
   */
  readonly of: 'some' | 'all';
};

/**
 * Who would be asked this question if they came again now as they came last: its condition holds, something of it is not
 * known, and neither their pause nor what they said to it holds it back. Others in the order before it are not looked
 * at. What `decide` says of one customer, in SQL over `customers`.
 *
 * @throws Problem `invalid_query` for a condition that cannot be asked
 */
export function audienceOf(question: LiveQuestion, { brand, fields, pauseDays, at, of }: Audience): Where {
  const { id, content } = question;
  const { when, variants } = content;
  const asked = variants.flatMap((variant) => variant.fields.map((field) => ({ field, isOpen: isOpen(field, at) })));
  const isAnyOpen = anyOf(asked.map((one) => one.isOpen));
  // A field that stood on a page which was answered had its chance.
  const isAnyLeft = anyOf(asked.map((one) => sql`${one.isOpen} and not ${one.field.key} = any(h.had_chance)`));
  const holds = when ? compile(when, fieldsOfQuestion(id, fields)) : sql<SqlBool>`true`;
  const atBrand = brand === null ? sql`true` : sql`customers.last_sign_in ->> 'brand' = ${brand}`;
  const since = sql`${at}::timestamptz - make_interval(days => ${pauseDays})`;
  const which =
    of === 'some'
      ? sql`from members m join question_asks a on a.subject = m.subject
          where m.customer = customers.id and m.until is null`
      : sql`from question_asks a join members m on m.subject = a.subject and m.until is null
          where a.question = ${id} or a.shown_at > ${since} group by m.customer`;
  const isOwner = of === 'some' ? sql`true` : sql`h.customer = customers.id`;
  return sql<SqlBool>`(
    customers.merged_into is null and not customers.blocked and customers.erase_at is null
    and customers.last_sign_in is not null and ${atBrand} and ${holds} and ${isAnyOpen}
    and not exists (
      select from (
        select ${of === 'some' ? sql`` : sql`m.customer,`} coalesce(bool_or(a.shown_at > ${since}), false) as in_pause,
          coalesce(bool_or(a.question = ${id} and a.outcome = 'never'), false) as never,
          count(*) filter (where ${isPutOff(id)})::integer as put_off,
          max(a.ended_at) filter (where ${isPutOff(id)}) as last_at,
          max(a.sign_in_number) filter (where ${isPutOff(id)}) as last_sign_in,
          ${hadChance(
            id,
            asked.map(({ field }) => field.key),
          )} as had_chance
        ${which}
      ) h
      where ${isOwner} and (h.in_pause or h.never or h.put_off > 0 and ${isHeldBack(content, at)} or not ${isAnyLeft})))`;
}

function anyOf(parts: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return sql`(${sql.join(
    parts.map((one) => sql`(${one})`),
    sql` or `,
  )})`;
}

function isPutOff(question: string): RawBuilder<unknown> {
  return sql`a.question = ${question} and a.outcome in ('skipped', 'not_now')`;
}

/** Of these keys those that stood on a page which was answered. */
function hadChance(question: string, keys: readonly string[]): RawBuilder<unknown> {
  const each = [...new Set(keys)].map(
    (key) => sql`case when bool_or(a.question = ${question} and a.outcome = 'answered' and ${key} = any(a.fields))
      then ${key}::text end`,
  );
  return sql`array_remove(array[${sql.join(each)}], null)`;
}

/** Does the last "not now" still hold it back? */
function isHeldBack({ not_now: { unit, steps } }: LiveQuestion['content'], at: Date): RawBuilder<unknown> {
  const step = sql`(${[...steps]}::integer[])[least(h.put_off, ${steps.length})]`;
  return unit === 'days'
    ? sql`h.last_at > ${at}::timestamptz - make_interval(days => ${step})`
    : sql`customers.logins_count + 1 - h.last_sign_in <= ${step}`;
}

/** Is this still to be learned of the customer of the row, whatever they were asked? */
function isOpen(field: QuestionField, at: Date): RawBuilder<unknown> {
  return 'path' in field ? isUnknown(field.path, at) : isUnsaid(field);
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
