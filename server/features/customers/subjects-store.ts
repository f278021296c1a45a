import { sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import { statement } from '../../base/statement.ts';
import type { Totals } from './profile.ts';

const totalsOf = (customer: string) => `
  select
    coalesce(sum(s.sign_ins), 0)::integer as logins_count,
    max(s.last_sign_in) as last_login,
    (array_agg(s.last_ip order by s.last_sign_in desc nulls last, s.id))[1] as last_ip,
    max(s.last_password_reset) as last_password_reset,
    max(s.last_asked_at) as last_asked_at,
    coalesce(bool_or(s.blocked), false) as blocked
  from members m join subjects s on s.id = m.subject
  where m.customer = ${customer} and m.until is null`;
const totalsOfCustomer = statement<Totals>(totalsOf('$1::uuid'));

/** What `totalsColumn` gives; instants leave JSON as milliseconds since 1970. */
export type TotalsRow = { readonly totals: { readonly [Name in keyof Totals]: InJson<Totals[Name]> } };
type InJson<Value> = Value extends Date ? number : Value;

/** The same as a column for a query; `customer` is where it has the id, by a name that is none of those in here. */
export function totalsColumn(customer: string): string {
  return `
    (select to_json(t) from (
      select logins_count, last_ip, blocked, extract(epoch from last_login) * 1000 as last_login,
        extract(epoch from last_password_reset) * 1000 as last_password_reset,
        extract(epoch from last_asked_at) * 1000 as last_asked_at
      from (${totalsOf(customer)}) counted) t) as totals`;
}

export function toTotals({ totals }: TotalsRow): Totals {
  const { last_login, last_password_reset, last_asked_at } = totals;
  return {
    ...totals,
    last_login: last_login === null ? null : new Date(last_login),
    last_password_reset: last_password_reset === null ? null : new Date(last_password_reset),
    last_asked_at: last_asked_at === null ? null : new Date(last_asked_at),
  };
}

export async function readTotals(db: Db, customerId: string): Promise<Totals> {
  const [totals] = await totalsOfCustomer(db, [customerId]);
  if (!totals) throw new Error('an aggregate gives a row');
  return totals;
}

/** When each subject of a customer signed in last; who never did is left out. */
export async function readLastSignIns(db: Db, customerId: string): Promise<Map<string, Date>> {
  const found = await sql<{ id: string; last_sign_in: Date }>`
    select s.id, s.last_sign_in from members m join subjects s on s.id = m.subject
    where m.customer = ${customerId} and m.until is null and s.last_sign_in is not null`.execute(db);
  return new Map(found.rows.map((row) => [row.id, row.last_sign_in]));
}

export async function setSubjectsBlocked(tx: Db, subjects: readonly string[], blocked: boolean): Promise<void> {
  await tx.updateTable('subjects').set({ blocked }).where('id', 'in', subjects).execute();
}

export async function setPasswordReset(tx: Db, subject: string, at: Date): Promise<void> {
  await tx.updateTable('subjects').set({ last_password_reset: at }).where('id', '=', subject).execute();
}

export async function insertSubject(tx: Db, subject: { id: string; blocked: boolean; at: Date }): Promise<void> {
  const { id, blocked, at } = subject;
  await tx.insertInto('subjects').values({ id, kind: 'identity', blocked, created_at: at }).execute();
}
