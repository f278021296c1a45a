import { sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import { type Part, statement } from '../../base/statement.ts';
import { askedSteps, type FactsJson, factsAsJson, type Sureness, surenessIn } from '../customers/customers.ts';
import type { Asked } from './history.ts';

/** A customer is asked, or would have been: at what kind of sign-in. */
export type AskRow = {
  readonly subject: string;
  readonly id: string;
  readonly question: string;
  readonly contentVersion: number;
  readonly variant: string;
  readonly arm: 'asked' | 'held_out';
  readonly place: 'page' | 'embedded';
  readonly fields: readonly string[];
  readonly brand: string | null;
  readonly portal: string | null;
  readonly signIn: string | null;
  readonly signInNumber: number;
  readonly device: string | null;
  readonly country: string | null;
  readonly language: string | null;
  readonly hour: number;
  /** By an action, whoever it is. */
  readonly demanded?: boolean;
  readonly at: Date;
};

/** That somebody is asked, as a part of what is written with it. Who is asked by the portal itself has finished already. */
export function askPart(row: AskRow): Part {
  const { at, arm, place } = row;
  return {
    name: 'ask',
    text: `
      insert into question_asks (subject, id, question, content_version, variant, arm, place, fields, brand, portal,
        sign_in, sign_in_number, device, country, language, hour, shown_at, finished_at, demanded)
      values ($1::uuid, $2::uuid, $3::uuid, $4::integer, $5::text, $6::text, $7::text, $8::text[], $9::uuid, $10::text,
        $11::uuid, $12::integer, $13::text, $14::text, $15::text, $16::smallint, $17::timestamptz, $18::timestamptz,
        $19::boolean)
      on conflict (subject, sign_in) where sign_in is not null do nothing
      returning 1`,
    steps: askedSteps({ subject: '$1', at: '$17', gate: 'exists (select from ask)' }),
    values: [
      row.subject,
      row.id,
      row.question,
      row.contentVersion,
      row.variant,
      arm,
      place,
      row.fields,
      row.brand,
      row.portal,
      row.signIn,
      row.signInNumber,
      row.device,
      row.country,
      row.language,
      row.hour,
      at,
      place === 'embedded' ? at : null,
      row.demanded ?? false,
    ],
  };
}

// As it leaves JSON: instants are texts.
type HistoryRow = {
  question: string;
  last_shown_at: string;
  put_off: number;
  last_put_off_at: string | null;
  last_put_off_sign_in: number | null;
  never: boolean;
  answered: string[];
};

const ofHistory = `
  select a.question, max(a.shown_at) as last_shown_at,
    count(*) filter (where a.outcome in ('skipped', 'not_now'))::integer as put_off,
    max(a.ended_at) filter (where a.outcome in ('skipped', 'not_now')) as last_put_off_at,
    max(a.sign_in_number) filter (where a.outcome in ('skipped', 'not_now')) as last_put_off_sign_in,
    coalesce(bool_or(a.outcome = 'never'), false) as never,
    coalesce((select array_agg(distinct key) from members o join question_asks b on b.subject = o.subject,
      unnest(b.fields) as key
      where o.customer = $1::uuid and o.until is null and b.question = a.question and b.outcome = 'answered'), '{}')
      as answered
  from members m join question_asks a on a.subject = m.subject
  where m.customer = $1::uuid and m.until is null
  group by a.question`;

const readBoth = statement<{ history: HistoryRow[]; said: FactsJson }>(`
  select (select coalesce(json_agg(h), '[]') from (${ofHistory}) h) as history,
    ${factsAsJson('$1::uuid', '$2::text[]')} as said`);

/** What this customer was asked so far, by question, over all their subjects, and how sure what is known at paths is. */
export async function readHistory(
  db: Db,
  customer: string,
  paths: readonly string[],
): Promise<{ history: Map<string, Asked>; sureness: Sureness }> {
  const [both] = await readBoth(db, [customer, paths]);
  const history = new Map((both?.history ?? []).map((row) => [row.question, toAsked(row)]));
  return { history, sureness: surenessIn(both?.said ?? []) };
}

function toAsked(row: HistoryRow): Asked {
  const { question, never, answered, last_put_off_at } = row;
  return {
    question,
    lastShownAt: new Date(row.last_shown_at),
    putOff: row.put_off,
    lastPutOff:
      last_put_off_at === null ? null : { at: new Date(last_put_off_at), signIn: row.last_put_off_sign_in ?? 0 },
    never,
    answered,
  };
}

/** How an asking ended. */
export type Outcome = 'answered' | 'skipped' | 'not_now' | 'never';

/** Ends an asking, once. @returns false when it has ended already, or there is none of this customer */
export async function endAsk(
  tx: Db,
  customer: string,
  id: string,
  { outcome, answered, at }: { outcome: Outcome; answered: readonly string[]; at: Date },
): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    update question_asks a set outcome = ${outcome}, answered = ${answered}::text[], ended_at = ${at}
    from members m
    where a.id = ${id} and a.subject = m.subject and m.customer = ${customer} and m.until is null
      and a.outcome is null and a.arm = 'asked'`.execute(tx);
  return numAffectedRows > 0n;
}

/**
 * That a sign-in came to its tokens, as a step of the statement that gives them: whoever was asked something at it, or
 * held out, has finished.
 *
 * @param place where that statement has its values, and what must hold, as SQL
 */
export function finishStep(place: {
  readonly subject: string;
  readonly signIn: string;
  readonly at: string;
  readonly gate: string;
}): string {
  return `update question_asks set finished_at = ${place.at}
    where subject = ${place.subject} and sign_in = ${place.signIn} and finished_at is null and ${place.gate}`;
}

/** What was asked on the way to this sign-in was asked at it. */
export async function atSignIn(tx: Db, subject: string, id: string, signIn: string): Promise<void> {
  await sql`
    update question_asks set sign_in = ${signIn}
    where subject = ${subject} and id = ${id} and sign_in is null`.execute(tx);
}

/** An asking of this customer, with the text that they were shown. */
export type KeptAsk = {
  id: string;
  subject: string;
  question: string;
  content_version: number;
  name: string;
  content: unknown;
  variant: string;
  arm: 'asked' | 'held_out';
  place: 'page' | 'embedded';
  fields: string[];
  answered: string[];
  brand: string | null;
  portal: string | null;
  sign_in_number: number;
  language: string | null;
  shown_at: Date;
  outcome: Outcome | null;
  ended_at: Date | null;
};

/** Which askings are read. */
export type AsksPage = {
  readonly limit: number;
  readonly offset: number;
  readonly brands?: readonly string[] | null;
  /** Versions whose askings are left out. */
  readonly without?: readonly AskedVersion[];
  /** Askings by their ids; left out: all. */
  readonly only?: readonly string[];
};

/** A question as it was asked. */
export type AskedVersion = { readonly question: string; readonly content_version: number; readonly content: unknown };

/** Each version of a question that this customer was asked, once. */
export async function readAskedVersions(db: Db, customer: string): Promise<AskedVersion[]> {
  const { rows } = await sql<AskedVersion>`
    select v.question, v.number as content_version, v.content from question_versions v
    where (v.question, v.number) in (
      select a.question, a.content_version from members m join question_asks a on a.subject = m.subject
      where m.customer = ${customer} and m.until is null and a.arm = 'asked')`.execute(db);
  return rows;
}

/** What this customer was asked, the newest first; who was held out was not asked. */
export async function readAsks(
  db: Db,
  customer: string,
  { limit, offset, brands = null, without = [], only }: AsksPage,
): Promise<KeptAsk[]> {
  const hidden = without.map(({ question, content_version }) => `${question} ${content_version}`);
  const { rows } = await sql<KeptAsk>`
    select a.id, a.subject, a.question, a.content_version, q.name, v.content, a.variant, a.arm, a.place, a.fields,
      a.answered, a.brand, a.portal, a.sign_in_number, a.language, a.shown_at, a.outcome, a.ended_at
    from members m join question_asks a on a.subject = m.subject
    join questions q on q.id = a.question
    join question_versions v on v.question = a.question and v.number = a.content_version
    where m.customer = ${customer} and m.until is null and a.arm = 'asked'
      and (${brands}::uuid[] is null or a.brand is null or a.brand = any(${brands}::uuid[]))
      and not (a.question || ' ' || a.content_version = any(${hidden}::text[]))
      and (${only ?? null}::uuid[] is null or a.id = any(${only ?? null}::uuid[]))
    order by a.shown_at desc, a.id desc limit ${limit} offset ${offset}`.execute(db);
  return rows;
}

/** What was asked at this sign-in already, and whether that has ended; undefined: nothing yet. */
export async function askAt(
  db: Db,
  subject: string,
  signIn: string,
): Promise<{ id: string; arm: 'asked' | 'held_out'; isOpen: boolean } | undefined> {
  const [row] = await readAskAt(db, [subject, signIn]);
  return row;
}

const readAskAt = statement<{ id: string; arm: 'asked' | 'held_out'; isOpen: boolean }>(`
  select id, arm, arm = 'asked' and outcome is null as "isOpen" from question_asks
  where subject = $1::uuid and sign_in = $2::uuid`);

/** One asking of this customer. */
export async function readAsk(db: Db, customer: string, id: string): Promise<KeptAsk | undefined> {
  const { rows } = await sql<KeptAsk>`
    select a.id, a.subject, a.question, a.content_version, q.name, v.content, a.variant, a.arm, a.place, a.fields,
      a.answered, a.brand, a.portal, a.sign_in_number, a.language, a.shown_at, a.outcome, a.ended_at
    from members m join question_asks a on a.subject = m.subject
    join questions q on q.id = a.question
    join question_versions v on v.question = a.question and v.number = a.content_version
    where m.customer = ${customer} and m.until is null and a.id = ${id} and a.arm = 'asked'`.execute(db);
  return rows[0];
}

/** Of these subjects everything goes. */
export async function deleteAsks(tx: Db, subjects: readonly string[]): Promise<void> {
  await sql`delete from question_asks where subject = any(${subjects}::uuid[])`.execute(tx);
}
