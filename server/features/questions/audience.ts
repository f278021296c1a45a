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
  // Looked for once, as it may be a query of its own.
  const hasCome =
    brands === null ? sql`${last} is not null` : sql`coalesce(${last} ->> 'brand' = any(${brands}::text[]), false)`;
  const isAsked =
    hold_out === 0 ? sql`true` : isAssigned(lots.holdOut.name, sql`customers.id`, lots.holdOut.arms, 'asked');
  const since = new Date(at.getTime() - pauseDays * day);
  // A field that stood on a page which was answered had its chance. Where it stands alone it is open, as was looked at.
  const isOne = variants.every((variant) => variant.fields.length === 1);
  const chances = chancesOf(content);
  const isAnyLeft = isAny((field) => {
    return sql`${isOne ? sql`true` : isOpen(field, where)} and h.had_chance & ${chances.get(field.key)}::integer = 0`;
  });
  return sql<SqlBool>`(
    customers.merged_into is null and not customers.blocked and customers.erase_at is null
    and ${hasCome}
    and (customers.last_asked_at is null or customers.last_asked_at <= ${since}::timestamptz)
    and ${holds} and ${isAny((field) => isOpen(field, where))} and ${isAsked}
    and not exists (
      select from ${askings(id, content, { at, of })} h
      where h.customer = ${whoWasAsked} and (customers.logins_count < h.until or not ${isAnyLeft})))`;
}

const day = 86_400_000;

// Nobody else is looked up among those who said something.
const whoWasAsked = sql`(case when customers.last_asked_at is not null then customers.id end)`;

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

type Content = LiveQuestion['content'];

/**
 * What customers were asked and said of this question, as rows of `held_back`: of the one of the row of `customers`, or of
 * all of whom it can matter. Those are gathered before the customers are gone through, however many processes do that.
 */
function askings(id: string, content: Content, { at, of }: Pick<Audience, 'at' | 'of'>): RawBuilder<unknown> {
  const chances = [...chancesOf(content)].map(
    ([key, bit]) =>
      sql`case when bool_or(a.outcome = 'answered' and ${key} = any(a.fields)) then ${bit}::integer else 0 end`,
  );
  const columns = sql`m.customer,
    case when bool_or(a.outcome = 'never') then ${forGood}::integer else ${heldUntil(content, at)} end as until,
    ${sql.join(chances, sql` | `)} as had_chance`;
  const asked = sql`members m join question_asks a on a.subject = m.subject
    where m.until is null and a.question = ${id} and a.outcome is not null`;
  if (of === 'some') return sql`(select ${columns} from ${asked} and m.customer = customers.id group by m.customer)`;
  return sql`held_back_rows(array(
    select row(h.customer, h.until, h.had_chance)::held_back
    from (select ${columns} from ${asked} group by m.customer) h where h.until > 0 or h.had_chance > 0))`;
}

/** A bit for each key of a field. */
function chancesOf({ variants }: Content): ReadonlyMap<string, number> {
  const keys = new Set(variants.flatMap((variant) => variant.fields.map(({ key }) => key)));
  return new Map([...keys].map((key, place) => [key, 1 << place]));
}

/** More sign-ins than anybody has. */
const forGood = 2 ** 31 - 1;

/** Below how many sign-ins the last "not now" still holds it back; 0: it does not. */
function heldUntil({ not_now: { unit, steps } }: Content, at: Date): RawBuilder<unknown> {
  const step = sql`(${[...steps]}::integer[])[least(count(*) filter (where ${isPutOff}), ${steps.length}::integer)]`;
  const last = (column: RawBuilder<unknown>) => sql`max(${column}) filter (where ${isPutOff})`;
  return unit === 'days'
    ? sql`case when ${last(sql`a.ended_at`)} > ${at}::timestamptz - make_interval(hours => 24 * ${step})
        then ${forGood}::integer else 0 end`
    : sql`coalesce(${last(sql`a.sign_in_number`)} + ${step}, 0)`;
}
