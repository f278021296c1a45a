import pg from 'pg';
import type { Regulars } from './regulars.ts';

type Condition = Readonly<Record<string, unknown>>;

/** Whom a question of the bench finds, by the name of its condition. */
export const conditions: Readonly<Record<string, Condition | null>> = {
  'attribute unknown': null,
  'third sign-in': { attribute: 'sign_in.number', is: 'at_least', value: 3 },
  'country and brand': {
    all: [
      { attribute: 'sign_in.country', is: 'equals', value: 'DE' },
      { attribute: 'sign_in.brand', is: 'equals', value: 'bench' },
    ],
  },
  'month before the birthday': { attribute: 'birthday.months_away', is: 'equals', value: 1 },
  'nested any and not': {
    all: [
      {
        any: [
          { attribute: 'sign_in.device', is: 'equals', value: 'phone' },
          { attribute: 'tag', is: 'equals', value: 'vip' },
        ],
      },
      {
        not: {
          any: [
            { attribute: 'sign_in.country', is: 'equals', value: 'FR' },
            { attribute: 'consent', is: 'equals', value: 'email' },
          ],
        },
      },
    ],
  },
  'was at the brand, by lot a fifth': {
    all: [
      { attribute: 'brand', is: 'equals', value: 'bench' },
      { attribute: 'question.percentage', is: 'less', value: 20 },
    ],
  },
  'not asked for a month': {
    not: { attribute: 'sign_in.days_since_question', is: 'less', value: 30 },
  },
  nobody: { attribute: 'user_metadata.interest', is: 'equals', value: 'snow' },
};

/** Makes a live question; gives its id. */
export async function askFor(regulars: Pick<Regulars, 'manage'>, name: string, path: string, when: Condition | null) {
  const fields = [{ type: 'text', key: 'f', labels: { en: 'What do you like?' }, path }];
  const content = { variants: [{ key: 'a', heading: { en: name }, fields }], when };
  const { id } = await regulars.manage('POST', 'questions', { name, state: 'live', content });
  return String(id);
}

/** Three of ten customers were asked these questions, over three months, and said this or that. */
export async function addAsks(
  { databaseUrl }: Pick<Regulars, 'databaseUrl'>,
  questions: readonly string[],
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('set synchronous_commit to off');
    await client.query(
      `insert into question_asks (subject, id, question, content_version, variant, arm, place, fields, brand, portal,
         sign_in, sign_in_number, device, country, language, hour, shown_at, outcome, answered, ended_at, finished_at)
       select id, uuidv7(), ($1::uuid[])[1 + n % cardinality($1)], 1, 'a', 'asked', 'page', '{f}',
         (select id from brands limit 1), (select client_id from portals where not is_machine limit 1), uuidv7(),
         1 + n % 7, 'phone', 'DE', 'de', n % 24, at, outcome,
         case when outcome = 'answered' then '{f}'::text[] else '{}' end,
         case when outcome is not null then at + interval '20 seconds' end, at + interval '30 seconds'
       from (select id, row_number() over () as n from subjects) as subjects,
         lateral (select now() - n % 90 * interval '1 day' as at,
           (array['answered', 'not_now', 'never', 'skipped', null])[1 + n % 5] as outcome) as asked
       where n % 10 < 3`,
      [questions],
    );
    // As each asking writes it.
    await client.query(`update subjects set last_asked_at = asked.at from (
      select subject, max(shown_at) as at from question_asks group by subject) as asked where asked.subject = id`);
    await client.query(`update customers set last_asked_at = subjects.last_asked_at from members join subjects
      on subjects.id = members.subject where members.customer = customers.id and subjects.last_asked_at is not null`);
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
}
