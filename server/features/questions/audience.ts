import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { QuestionField } from '../../../contract/questions.ts';
import { compile, type Fields } from '../conditions/conditions.ts';
import { isAssigned } from '../experiments/experiments.ts';
import type { MayAsk } from './askable.ts';
import { experimentsOf } from './decide.ts';
import type { LiveQuestion } from './live-questions.ts';
import { type EntryAt, isOpen, type Where } from './open-field.ts';
import { fieldsOfQuestion } from './percentage.ts';

/** A condition over the columns of `customers`. */
type Condition = RawBuilder<SqlBool>;

/** From what a question's audience is worked out. */
export type Audience = {
  /** Slugs of the brands at which they would come; null: at whichever. */
  readonly brands: readonly string[] | null;
  /** The consents that are in force at those, where the question asks for one. */
  readonly entries: readonly EntryAt[];
  /** Paths that the catalogue calls sensitive. */
  readonly sensitive: ReadonlySet<string>;
  readonly mayAsk: MayAsk;
  /** What its condition may look at. */
  readonly fields: Fields;
  /** How customers came last: `lastSignIn`. */
  readonly last: Where['last'];
  readonly pauseDays: number;
  readonly at: Date;
  /**
   * How it is used: `some` looks at what each customer that it comes to was asked and said, `all` gathers once who ever
   * objected or was asked this, for who goes through all customers. They mean the same.
   */
  readonly of: 'some' | 'all';
};

/**
 * Who would be asked this question if they came again now as they came last: its condition holds, something of it is not
 * known, neither their pause nor what they said to it holds it back, and they are not held out. Others in the order
 * before it are not looked at. What `chooseQuestion` says of one customer, in SQL over `customers`.
 *
 * @throws Problem `invalid_query` for a condition that cannot be asked
 */
export function audienceOf(question: LiveQuestion, where: Audience): Condition {
  const { brands, fields, last, pauseDays, at, of } = where;
  const { id, content } = question;
  const { when, hold_out, variants } = content;
  const lots = experimentsOf(question);
  const keys = variants.flatMap((variant) => variant.fields.map(({ key }) => key));
  // Each customer is asked in one way.
  const isAny = (isSo: (field: QuestionField) => RawBuilder<unknown>) =>
    anyOf(
      variants.map(({ key, fields: own }) => {
        const left = anyOf(own.map(isSo));
        if (variants.length === 1) return left;
        return sql`${isAssigned(lots.variants.name, sql`customers.id`, lots.variants.arms, key)} and ${left}`;
      }),
    );
  const holds = when ? compile(when, fieldsOfQuestion(id, ofNext(fields))) : sql<SqlBool>`true`;
  const atBrand = brands === null ? sql`true` : sql`${last} ->> 'brand' = any(${brands}::text[])`;
  const isAsked =
    hold_out === 0 ? sql`true` : isAssigned(lots.holdOut.name, sql`customers.id`, lots.holdOut.arms, 'asked');
  const since = new Date(at.getTime() - pauseDays * day);
  const which =
    of === 'some'
      ? sql`where m.customer = customers.id and m.until is null and a.question = ${id}`
      : sql`where m.until is null and a.question = ${id} and a.outcome is not null group by m.customer`;
  const isOwner = of === 'some' ? sql`true` : sql`h.customer = customers.id`;
  // A field that stood on a page which was answered had its chance. Where it stands alone it is open, as was looked at.
  const isOne = variants.every((variant) => variant.fields.length === 1);
  const isAnyLeft = isAny((field) => {
    return sql`${isOne ? sql`true` : isOpen(field, where)} and not ${field.key} = any(h.had_chance)`;
  });
  return sql<SqlBool>`(
    customers.merged_into is null and not customers.blocked and customers.erase_at is null
    and ${last} is not null and ${atBrand}
    and (customers.last_asked_at is null or customers.last_asked_at <= ${since}::timestamptz)
    and ${holds} and ${isAny((field) => isOpen(field, where))} and ${isAsked}
    and not exists (
      select from (
        select ${of === 'some' ? sql`` : sql`m.customer,`} coalesce(bool_or(a.outcome = 'never'), false) as never,
          count(*) filter (where ${isPutOff})::integer as put_off,
          max(a.ended_at) filter (where ${isPutOff}) as last_at,
          max(a.sign_in_number) filter (where ${isPutOff}) as last_sign_in,
          ${hadChance(keys)} as had_chance
        from members m join question_asks a on a.subject = m.subject ${which}
      ) h
      where ${isOwner} and (h.never or h.put_off > 0 and ${isHeldBack(content, at)} or not ${isAnyLeft})))`;
}

const day = 86_400_000;

/** The sign-in that is looked at is the one to come. */
function ofNext(fields: Fields): Fields {
  return (attribute) =>
    attribute === 'sign_in.number' ? { type: 'number', sql: sql`(customers.logins_count + 1)` } : fields(attribute);
}

function anyOf(parts: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return sql`(${sql.join(
    parts.map((one) => sql`(${one})`),
    sql` or `,
  )})`;
}

// Of the askings `a` of one question.
const isPutOff = sql`a.outcome in ('skipped', 'not_now')`;

/** Of these keys those that stood on a page which was answered. */
function hadChance(keys: readonly string[]): RawBuilder<unknown> {
  const each = [...new Set(keys)].map(
    (key) => sql`case when bool_or(a.outcome = 'answered' and ${key} = any(a.fields)) then ${key}::text end`,
  );
  return sql`array_remove(array[${sql.join(each)}], null)`;
}

/** Does the last "not now" still hold it back? */
function isHeldBack({ not_now: { unit, steps } }: LiveQuestion['content'], at: Date): RawBuilder<unknown> {
  const step = sql`(${[...steps]}::integer[])[least(h.put_off, ${steps.length}::integer)]`;
  return unit === 'days'
    ? sql`h.last_at > ${at}::timestamptz - make_interval(hours => 24 * ${step})`
    : sql`customers.logins_count + 1 - h.last_sign_in <= ${step}`;
}
