import { sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { isJsonObject } from '../../base/json.ts';

/** A mailed code or link as it is kept. */
export type CodeRow = {
  id: string;
  purpose: string;
  flow: string | null;
  customer: string | null;
  subject: string | null;
  address: string | null;
  data: JsonObject;
  consumed_at: Date | null;
};

export async function insertCode(
  tx: Db,
  code: Omit<CodeRow, 'consumed_at' | 'data'> & {
    /** Kept as JSON. */
    data: Readonly<Record<string, unknown>>;
    secretHash: Buffer;
    at: Date;
    expiresAt: Date;
  },
): Promise<void> {
  const { id, purpose, flow, customer, subject, address, data, secretHash, at, expiresAt } = code;
  await tx
    .insertInto('one_time_codes')
    .values({
      id,
      purpose,
      flow,
      customer,
      subject,
      address,
      data: JSON.stringify(data),
      secret_hash: secretHash,
      created_at: at,
      expires_at: expiresAt,
    })
    .execute();
}

/** The row of a code or link that is still good; with `hashes` only if one of them is its secret's. */
export async function readOpenCode(
  db: Db,
  which: { id: string; purpose: string; flow: string | null; hashes?: readonly Buffer[] },
  at: Date,
): Promise<CodeRow | undefined> {
  const row = await db
    .selectFrom('one_time_codes')
    .select(columns)
    .where('id', '=', which.id)
    .where('purpose', '=', which.purpose)
    .where('flow', 'is not distinct from', which.flow)
    .where('consumed_at', 'is', null)
    .where('tries_left', '>', 0)
    .where('expires_at', '>', at)
    .$if(which.hashes !== undefined, (query) => query.where('secret_hash', 'in', [...(which.hashes ?? [])]))
    .executeTakeFirst();
  return row && toRow(row);
}

/** The code of this flow and purpose that is still good: the newest one, for the earlier ones are dead. */
export async function readOpenCodeOf(
  db: Db,
  which: { flow: string; purpose: string },
  at: Date,
): Promise<CodeRow | undefined> {
  const row = await db
    .selectFrom('one_time_codes')
    .select(columns)
    .where('flow', '=', which.flow)
    .where('purpose', '=', which.purpose)
    .where('consumed_at', 'is', null)
    .where('tries_left', '>', 0)
    .where('expires_at', '>', at)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && toRow(row);
}

/**
 * Tries a secret once: the database counts the try and, if it is right, uses the code up, in one statement.
 *
 * @returns undefined when there was no try left, or the code is used or too old
 */
export async function tryCode(
  db: Db,
  which: { id: string; purpose: string; flow: string | null; hashes: readonly Buffer[] },
  at: Date,
): Promise<{ right: boolean; triesLeft: number; row: CodeRow } | undefined> {
  const { id, purpose, flow, hashes } = which;
  const found = await sql<RawRow & { tries_left: number }>`
    update one_time_codes set
      tries_left = tries_left - 1,
      consumed_at = case when secret_hash = any(${hashes}::bytea[]) then ${at}::timestamptz end
    where id = ${id} and purpose = ${purpose} and flow is not distinct from ${flow}
      and consumed_at is null and tries_left > 0 and expires_at > ${at}
    returning id, purpose, flow, customer, subject, address, data, consumed_at, tries_left`.execute(db);
  const [row] = found.rows;
  return row && { right: row.consumed_at !== null, triesLeft: row.tries_left, row: toRow(row) };
}

/**
 * Uses a code's data for the act that it allowed: of any number at once, one gets it.
 *
 * @param since the code must have been typed after this
 */
export async function takeRedeemed(
  tx: Db,
  which: { id: string; purpose: string; flow: string },
  since: Date,
): Promise<CodeRow | undefined> {
  const row = await tx
    .selectFrom('one_time_codes')
    .select(columns)
    .where('id', '=', which.id)
    .where('purpose', '=', which.purpose)
    .where('flow', '=', which.flow)
    .where('consumed_at', '>', since)
    .where('data', '<>', '{}')
    .forUpdate()
    .executeTakeFirst();
  if (!row) return undefined;
  await tx.updateTable('one_time_codes').set({ data: '{}' }).where('id', '=', row.id).execute();
  return toRow(row);
}

/**
 * Codes that were mailed before and not used are dead: of this flow or subject and purpose, or of a customer and its
 * subjects but for `keep`.
 */
export async function deleteOpenCodes(
  tx: Db,
  whose:
    | { flow: string; purpose: string }
    | { subject: string; purpose: string }
    | { customer: string; subjects: readonly string[]; keep?: string },
): Promise<void> {
  await tx
    .deleteFrom('one_time_codes')
    .where('consumed_at', 'is', null)
    .where((where) => {
      if ('flow' in whose) return where.and([where('flow', '=', whose.flow), where('purpose', '=', whose.purpose)]);
      if ('subject' in whose) {
        return where.and([where('subject', '=', whose.subject), where('purpose', '=', whose.purpose)]);
      }
      const ofCustomer = where('customer', '=', whose.customer);
      const ofAny =
        whose.subjects.length > 0 ? where.or([ofCustomer, where('subject', 'in', whose.subjects)]) : ofCustomer;
      return whose.keep === undefined ? ofAny : where.and([where('purpose', '<>', whose.keep), ofAny]);
    })
    .execute();
}

/** Everything that was ever mailed for these customers, and to these addresses for nobody in particular. */
export async function deleteCodesOf(
  tx: Db,
  whose: { customers: readonly string[]; subjects: readonly string[]; addresses: readonly string[] },
): Promise<void> {
  await sql`delete from one_time_codes where customer = any(${whose.customers}::uuid[])`.execute(tx);
  await sql`delete from one_time_codes where subject = any(${whose.subjects}::uuid[])`.execute(tx);
  await sql`delete from one_time_codes
    where address = any(${whose.addresses}::text[]) and customer is null and subject is null`.execute(tx);
}

const columns = ['id', 'purpose', 'flow', 'customer', 'subject', 'address', 'data', 'consumed_at'] as const;

type RawRow = Omit<CodeRow, 'data'> & { data: Json };

function toRow({ id, purpose, flow, customer, subject, address, data, consumed_at }: RawRow): CodeRow {
  return { id, purpose, flow, customer, subject, address, data: isJsonObject(data) ? data : {}, consumed_at };
}
