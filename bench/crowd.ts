import pg from 'pg';
import type { Regulars } from './regulars.ts';

export type Person = { readonly email: string; readonly password: string };

/**
 * Fills the database with `count` more customers as they are after a sign-up and up to seven sign-ins, straight into the
 * tables: 1,000,000 take a few minutes. Of half of them the birthday is known, of a third an interest. All have the
 * password of the bench's first customer.
 *
 * @param searchable false: search finds none of them, which saves half of the time
 * @returns one of them by its number, from 0
 */
export async function addCrowd(
  regulars: Regulars,
  count: number,
  { searchable = true } = {},
): Promise<(number: number) => Person> {
  const [first] = regulars.customers;
  if (!first) throw new Error('no customer whose password they could have');
  const client = new pg.Client({ connectionString: regulars.databaseUrl });
  await client.connect();
  try {
    await client.query('set synchronous_commit to off');
    await client.query("set work_mem to '256MB'");
    await client.query(people, [count]);
    for (const insert of inserts) await client.query(insert);
    if (searchable) await client.query(searchWords);
    await client.query('drop table crowd');
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
  return (number) => ({ email: `crowd-${number}@example.com`, password: first.password });
}

const people = `
  create temporary table crowd as
  select n, uuidv7() as customer, uuidv7() as subject, substr(md5('crowd' || n), 1, 24) as hex,
    'crowd-' || n || '@example.com' as email,
    (array['Anna', 'Maria', 'Jonas', 'Lukas', 'Émile', 'Zoë', 'Olga', 'Pablo', 'Sofía', 'Tim'])[1 + n % 10] as given_name,
    (array['García', 'Müller', 'Smith', 'Novak', 'Rossi', 'Dubois', 'Silva', 'Kowalski', 'Jensen', 'Okafor'])[1 + n / 10 % 10]
      || case when n % 3 = 0 then '' else ' ' || chr(97 + n % 26) || n % 5000 end as family_name,
    '+49151' || lpad(n::text, 8, '0') as phone_number, now() - n % 400 * interval '1 day' as at, 1 + n % 7 as sign_ins,
    case when n % 2 = 0 then make_date(1960 + n % 45, 1 + n / 2 % 12, 1 + n % 28) end as birthday
  from generate_series(0, $1::integer - 1) as n`;

const inserts = [
  `insert into customers (id, user_id, primary_subject, attributes, email, email_verified, name, given_name, family_name,
     phone_number, user_metadata, birth_month, birth_day, logins_count, last_login, last_ip, last_sign_in, created_at,
     updated_at, visited)
   select customer, 'auth0|' || hex, subject,
     jsonb_strip_nulls(jsonb_build_object('email', email, 'name', given_name || ' ' || family_name, 'nickname',
       'crowd-' || n, 'given_name', given_name, 'family_name', family_name, 'phone_number', phone_number,
       'birthdate', to_char(birthday, 'YYYY-MM-DD'))),
     email, true, given_name || ' ' || family_name, given_name, family_name, phone_number,
     case when n % 3 = 0 then '{"interest": "hair"}'::jsonb else '{}' end, extract(month from birthday),
     extract(day from birthday), sign_ins, at, '192.0.2.7',
     jsonb_build_object('portal', (select client_id from portals where not is_machine limit 1),
       'brand', (select slug from brands limit 1), 'connection', 'Username-Password-Authentication',
       'country', (array['DE', 'FR', 'ES', 'GB', 'AT'])[1 + n % 5], 'language', (array['de', 'fr', 'es', 'en', 'de'])[1 + n % 5],
       'device', (array['phone', 'desktop', 'tablet'])[1 + n % 3], 'hour', n % 24),
     at, at, array[(select id from brands limit 1)]
   from crowd`,
  `insert into user_ids (user_id, customer, subject, issued_at) select 'auth0|' || hex, customer, subject, at from crowd`,
  `insert into subjects (id, kind, sign_ins, last_sign_in, last_ip, created_at)
   select subject, 'identity', sign_ins, at, '192.0.2.7', at from crowd`,
  `insert into members (subject, customer, number, since, reason, act)
   select subject, customer, 1, at, 'created', uuidv7() from crowd`,
  `insert into identities (subject, provider, connection, user_id, is_social, created_at, updated_at)
   select subject, 'auth0', 'Username-Password-Authentication', hex, false, at, at from crowd`,
  `insert into facts (id, subject, path, kind, value, source, origin, at)
   select uuidv7(), subject, 'email', 'said', to_jsonb(email), 'customer', 'sign-up', at from crowd`,
  `insert into proofs (subject, kind, address, how, origin, at)
   select subject, 'email', email, 'code', 'sign-up', at from crowd`,
  `insert into login_identifiers (connection, kind, value, subject)
   select 'Username-Password-Authentication', 'email', email, subject from crowd`,
  `insert into authentication_methods (id, subject, type, data, proved_at, last_used_at, created_at)
   select uuidv7(), subject, 'password', (select data from authentication_methods m
     join login_identifiers i on i.subject = m.subject where i.value = 'customer-0@example.com'), at, at, at
   from crowd`,
  `insert into visits (subject, brand, first_at, last_at, last_sign_in)
   select subject, (select id from brands limit 1), at, at, last_sign_in
   from crowd join customers on customers.id = crowd.customer`,
  `insert into timeline (id, class, subject, brand, source, name, occurred_at, received_at, ip)
   select uuidv7(), 'sign_in', subject, (select id from brands limit 1), 'login', 'signed_in', at, at, '192.0.2.7'
   from crowd`,
  `insert into sign_ins (id, customer, subject, portal, brand, connection, amr, at)
   select uuidv7(), customer, subject, (select client_id from portals where not is_machine limit 1),
     (select id from brands limit 1), 'Username-Password-Authentication', '{pwd}', at from crowd`,
];

// As searchWords() makes them.
const searchWords = `insert into search_words (kind, word, customer)
   select distinct kind, word, customer from crowd,
     lateral (select regexp_split_to_array(translate(lower(given_name || ' ' || family_name), 'íëéüÉ', 'ieeue'), ' ')
       as words) as name,
     lateral (
       select 'name' as kind, one || ' ' || other as word from unnest(words) one, unnest(words) other where one <> other
       union all select 'email', email union all select 'phone_number', substr(phone_number, 2)
       union all select 'phone_number', substr(phone_number, 4)
     ) as found`;
