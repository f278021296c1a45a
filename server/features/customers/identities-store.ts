import type { Selectable } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';
import type { JsonObject } from '../../base/json.ts';
import { statement } from '../../base/statement.ts';
import type { Customer, Identity } from './customer.ts';
import { type CustomerRow, toCustomer, toObject } from './customers-store.ts';
import { shownId } from './identity-ids.ts';

type IdentityRow = Omit<Selectable<DB['identities']>, 'tokens' | 'updated_at'> & { primary_subject: string };

/** An identity and whose it is. */
export type Found = { identity: Identity; customer: Customer };

function toIdentity(row: IdentityRow): Identity {
  return {
    subject: row.subject,
    provider: row.provider,
    connection: row.connection,
    user_id: shownId(row.provider, row.connection, row.user_id),
    is_social: row.is_social,
    is_primary: row.subject === row.primary_subject,
    profile_data: toObject(row.profile_data),
    created_at: row.created_at,
  };
}

/** The identity with this id in this connection, and its customer: one query by two unique indexes. */
export async function readIdentity(db: Db, connection: string, id: string): Promise<Found | undefined> {
  const row = await readFound(db)
    .where('identities.connection', '=', connection)
    .where('identities.user_id', '=', id)
    .executeTakeFirst();
  return row && toFound(row);
}

/** Identities with this id at this provider, in any of its connections, at most 20. */
export async function readIdentitiesByProvider(db: Db, provider: string, id: string): Promise<Found[]> {
  const rows = await readFound(db)
    .where('identities.provider', '=', provider)
    .where('identities.user_id', '=', id)
    .orderBy('identities.created_at')
    .limit(20)
    .execute();
  return rows.map(toFound);
}

function readFound(db: Db) {
  return db
    .selectFrom('identities')
    .innerJoin('members', (on) =>
      on.onRef('members.subject', '=', 'identities.subject').on('members.until', 'is', null),
    )
    .innerJoin('customers', 'customers.id', 'members.customer')
    .selectAll('customers')
    .select([
      'identities.subject',
      'identities.provider',
      'identities.connection',
      'identities.user_id as identity_id',
      'identities.is_social',
      'identities.profile_data',
      'identities.created_at as identity_created_at',
    ]);
}

type FoundRow = CustomerRow &
  Omit<IdentityRow, 'user_id' | 'created_at' | 'primary_subject'> & { identity_id: string; identity_created_at: Date };

function toFound(row: FoundRow): Found {
  const identity = { ...row, user_id: row.identity_id, created_at: row.identity_created_at };
  return { identity: toIdentity(identity), customer: toCustomer(row) };
}

/** An identity, and the provider's tokens, encrypted as they came. */
export type KeptIdentity = { readonly identity: Identity; readonly sealedTokens: string | undefined };

type KeptRow = IdentityRow & { tokens: string | null };

const ofCustomer = (customer: string) => `
  select i.subject, i.provider, i.connection, i.user_id, i.is_social, i.profile_data, i.tokens, i.created_at,
    c.primary_subject
  from members m join customers c on c.id = m.customer join identities i on i.subject = m.subject
  where m.customer = ${customer} and m.until is null
  order by i.subject <> c.primary_subject, i.created_at, i.subject`;
const identitiesOfOne = statement<KeptRow>(ofCustomer('$1::uuid'));

/** The identities of a customer, the primary first, then the oldest. */
export async function readIdentities(db: Db, customerId: string): Promise<KeptIdentity[]> {
  return (await identitiesOfOne(db, [customerId])).map(toKeptIdentity);
}

function toKeptIdentity(row: KeptRow): KeptIdentity {
  return { identity: toIdentity(row), sealedTokens: row.tokens ?? undefined };
}

/** What `identitiesColumn` gives; an instant leaves JSON as milliseconds since 1970. */
export type IdentitiesColumn = {
  readonly identities: readonly (Omit<KeptRow, 'created_at'> & { readonly ms: number })[];
};

/** The same with the providers' tokens, as a column for a query; `customer` is where it has the id (`$1::uuid`). */
export function identitiesColumn(customer: string): string {
  return `
    (select coalesce(json_agg(i), '[]') from (
      select own.*, extract(epoch from own.created_at) * 1000 as ms from (${ofCustomer(customer)}) own) i) as identities`;
}

export function toKeptIdentities({ identities }: IdentitiesColumn): KeptIdentity[] {
  return identities.map(({ ms, ...row }) => toKeptIdentity({ ...row, created_at: new Date(ms) }));
}

/** The identities of these customers, the primary first, then the oldest. */
export async function readIdentitiesOf(db: Db, customerIds: readonly string[]): Promise<Map<string, Identity[]>> {
  const found = new Map<string, Identity[]>(customerIds.map((id) => [id, []]));
  if (customerIds.length === 0) return found;
  const rows = await db
    .selectFrom('members')
    .innerJoin('customers', 'customers.id', 'members.customer')
    .innerJoin('identities', 'identities.subject', 'members.subject')
    .selectAll('identities')
    .select(['customers.id as customer', 'customers.primary_subject'])
    .where('members.customer', 'in', customerIds)
    .where('members.until', 'is', null)
    .orderBy('identities.created_at')
    .orderBy('identities.subject')
    .execute();
  for (const row of rows) {
    const identity = toIdentity(row);
    const list = found.get(row.customer);
    if (identity.is_primary) list?.unshift(identity);
    else list?.push(identity);
  }
  return found;
}

export type NewIdentity = {
  subject: string;
  provider: string;
  connection: string;
  /** At the provider. */
  id: string;
  isSocial: boolean;
  profileData: JsonObject;
  sealedTokens: string | null;
  at: Date;
};

/** False when this connection has an identity with this id already. */
export async function insertIdentity(tx: Db, identity: NewIdentity): Promise<boolean> {
  const added = await tx
    .insertInto('identities')
    .values({
      subject: identity.subject,
      provider: identity.provider,
      connection: identity.connection,
      user_id: identity.id,
      is_social: identity.isSocial,
      profile_data: JSON.stringify(identity.profileData),
      tokens: identity.sealedTokens,
      created_at: identity.at,
      updated_at: identity.at,
    })
    .onConflict((conflict) => conflict.columns(['connection', 'user_id']).doNothing())
    .returning('subject')
    .executeTakeFirst();
  return added !== undefined;
}
