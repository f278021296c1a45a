// The customer or subject id is part of every unique key of a table that holds customers' data, so that such tables
// can one day be distributed by it.
import pg from 'pg';

// Columns that say whose row it is.
const owners = ['customer', 'subject', 'subject_id', 'customer_id'];

// Lookup tables and keys, which find the customer and so cannot contain it. They would stay undistributed.
const lookups: Readonly<Record<string, string>> = {
  action_executions_pkey: "finds an execution by the id that logs tell; some are nobody's",
  audit_pkey: 'an entry is about staff, and stays when its customer goes',
  user_ids_pkey: 'finds the customer of a user_id',
  identities_connection_user_id_key: 'finds the subject of an identity at a provider',
  authentication_methods_credential: 'finds the subject of a passkey',
  login_identifiers_pkey: 'finds the subject of what was typed',
  one_time_codes_pkey: 'finds the code of a mailed link',
  flows_pkey: 'a flow begins before anyone is known',
  sessions_pkey: 'finds the session of a cookie',
  sessions_uid_key: 'finds the session of a logout token',
  grants_pkey: 'finds the grant of a token',
  mfa_tokens_pkey: 'finds the customer of a token',
  outbox_pkey: 'mails also go to people who are no customers',
  text_messages_pkey: 'the first code is sent before anybody is a customer',
};

type Key = { table: string; key: string; columns: string[] };

/** One sentence for each unique key that lacks its owner. `url` is a migrated database. */
export async function checkCustomerKeys(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Key>(
      `select t.relname as table, i.relname as key,
          array(select a.attname::text from pg_attribute a where a.attrelid = i.oid) as columns
        from pg_index x join pg_class t on t.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
        where x.indisunique and t.relnamespace = 'public'::regnamespace and not t.relispartition
          and exists (select from pg_attribute a where a.attrelid = t.oid and a.attname = any ($1) and a.attnum > 0)
        order by 1, 2`,
      [owners],
    );
    const unknown = Object.keys(lookups).filter((name) => !rows.some(({ key }) => key === name));
    return [
      ...rows
        .filter(({ key, columns }) => !(key in lookups) && !columns.some((column) => owners.includes(column)))
        .map(({ table, key }) => `${table}: the unique key ${key} contains neither customer nor subject`),
      ...unknown.map((name) => `there is no unique key ${name} of scripts/checks/customer-keys.ts`),
    ];
  } finally {
    await client.end();
  }
}
