import { sql } from 'kysely';
import { now } from '../../base/clock.ts';
import type { Db } from '../../base/db.ts';

/** Rules and actions are told apart by who may read them. */
export type CodeKind = 'rule' | 'action';

export type NewLine = {
  /** Null where it is about nobody who is a customer. */
  readonly customer: string | null;
  readonly kind: CodeKind;
  readonly rule: string;
  readonly at: Date;
  readonly level: string;
  readonly line: string;
};

export type LineRow = Omit<NewLine, 'kind'> & { readonly number: string };

/** Which lines are meant. Numbers grow with time. */
export type LineFilter = {
  readonly kind?: CodeKind | undefined;
  readonly rule?: string | undefined;
  readonly customer?: string | undefined;
  /** Only older ones than this number. */
  readonly before?: string | undefined;
  /** Only newer ones than this number. */
  readonly after?: string | undefined;
};

const mostKept = 20_000;
const dayMs = 24 * 3_600_000;

/** Writes lines of customers that are there, and of nobody. Of all lines the newest 20,000 are kept. */
export async function insertLines(db: Db, lines: readonly NewLine[]): Promise<void> {
  if (lines.length === 0) return;
  const column = <T>(read: (line: NewLine) => T) => lines.map(read);
  // `expires_at` is at once: expired rows stay for a day.
  await sql`
    insert into rule_lines (customer, kind, rule, at, level, line, expires_at)
    select one.customer, one.kind, one.rule, one.at, one.level, one.line, one.at
    from unnest(${column((one) => one.customer)}::uuid[], ${column((one) => one.kind)}::text[],
      ${column((one) => one.rule)}::text[],
      ${column((one) => one.at)}::timestamptz[], ${column((one) => one.level)}::text[],
      ${column((one) => one.line)}::text[]) with ordinality as one (customer, kind, rule, at, level, line, place)
    where one.customer is null or exists (select from customers where customers.id = one.customer)
    order by one.place`.execute(db);
  await sql`delete from rule_lines where number <= (select max(number) from rule_lines) - ${mostKept}`.execute(db);
}

/** Lines of the last day, the newest first; with `after` those that follow it first. */
export async function readLines(db: Db, filter: LineFilter, limit: number): Promise<LineRow[]> {
  const { kind, rule, customer, before, after } = filter;
  const since = new Date(now().getTime() - dayMs);
  let query = db
    .selectFrom('rule_lines')
    .select(['customer', 'rule', 'at', 'level', 'line', 'number'])
    .where('at', '>', since);
  if (kind !== undefined) query = query.where('kind', '=', kind);
  if (rule !== undefined) query = query.where('rule', '=', rule);
  if (customer !== undefined) query = query.where('customer', '=', customer);
  if (before !== undefined) query = query.where('number', '<', before);
  if (after !== undefined) query = query.where('number', '>', after);
  return query
    .orderBy('number', after === undefined ? 'desc' : 'asc')
    .limit(limit)
    .execute();
}

/** Those of the customers, and those of nobody: they may speak of anybody. */
export async function deleteLines(tx: Db, customers: readonly string[]): Promise<void> {
  await sql`delete from rule_lines where customer = any(${customers}::uuid[]) or customer is null`.execute(tx);
}
