// Every table is either known to hold nothing of customers, or some feature or surface owns it and erases and exports
// it: so nobody adds a table that outlives its customers.
import pg from 'pg';
import { holders } from '../../server/customer-data.ts';

// What these hold is the umbrella's, or says nothing of anybody.
const others: Readonly<Record<string, string>> = {
  action_bindings: 'settings',
  action_cache: 'emptied whenever a customer is erased',
  action_versions: 'settings',
  actions: 'settings',
  attribute_shares: 'counts',
  attributes: 'the catalogue',
  audit_chain: 'hashes',
  audit_seals: 'hashes',
  brands: 'settings',
  client_grants: 'settings',
  connection_portals: 'settings',
  consent_catalogue: 'settings',
  consent_wordings: 'settings',
  connections: 'settings',
  enrichment_days: 'counts of calls',
  enrichment_sources: 'settings, and whether a service works',
  erasure_keys: 'the key of what stays of erased customers',
  income_areas: 'of areas, loaded by the operator',
  mail_templates: 'settings',
  migrations: 'which migrations ran',
  network_notes: 'encrypted, under a handle that only the browser has, for ten minutes',
  passkey_challenges: 'random values that are good for minutes',
  portals: 'settings',
  question_versions: 'settings',
  questions: 'settings',
  resource_servers: 'settings',
  rule_minutes: 'counts',
  rule_versions: 'settings',
  rules: 'settings',
  rules_configs: 'settings',
  search_filling: 'how far a job has come',
  seen_proofs: 'hashes of random values',
  settings: 'settings',
  settings_version: 'a number',
  signing_keys: 'keys',
  staff: 'people of the umbrella',
  staff_role_holders: 'people of the umbrella',
  staff_roles: 'settings',
  staff_sessions: 'people of the umbrella',
  staff_steps: 'people of the umbrella',
  staff_tickets: 'people of the umbrella',
  staff_ways: 'people of the umbrella',
  store_staff: 'people of the umbrella',
  stores: 'settings',
};
// Columns that say whose row it is.
const owners = ['customer', 'customer_id', 'subject', 'subject_id'];

/** One sentence for each table that nobody answers for. `url` is a migrated database. */
export async function checkCustomerTables(url: string, known = holders): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ table: string; owned: boolean }>(
      `select c.relname as table, exists (
          select from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and a.attname = any ($1)
        ) as owned
        from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        order by 1`,
      [owners],
    );
    const held = known.flatMap(({ tables }) => tables);
    const named = [...held, ...Object.keys(others)];
    return [
      ...rows
        .filter(({ table }) => !named.includes(table))
        .map(({ table }) => `${table}: nobody erases and exports it; name it in server/customer-data.ts`),
      ...rows
        .filter(({ table, owned }) => owned && !held.includes(table))
        .map(({ table }) => `${table}: its rows are customers', so it belongs into server/customer-data.ts`),
      ...named
        .filter((table, place) => named.indexOf(table) !== place)
        .map((table) => `${table}: named twice in server/customer-data.ts and scripts/checks/customer-tables.ts`),
      ...named
        .filter((table) => !rows.some((row) => row.table === table))
        .map((table) => `there is no table ${table} of server/customer-data.ts or scripts/checks/customer-tables.ts`),
    ];
  } finally {
    await client.end();
  }
}
