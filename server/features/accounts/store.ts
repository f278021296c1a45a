import { sql } from 'kysely';
import { z } from 'zod';
import type { Db } from '../../base/db.ts';
import { uuid } from '../../base/ids.ts';
import { type Part, statement } from '../../base/statement.ts';
import type { Identifier } from './identifiers.ts';

export type PasswordMethod = {
  id: string;
  subject: string;
  hash: string;
  provedAt: Date | null;
  lastUsedAt: Date | null;
};
export type LoginIdentifier = Identifier & { connection: string; subject: string };

const passwordData = z.object({ hash: z.string() });

/** A password's row beside others. `method`: null where there is no password. */
export type PasswordRow = {
  method: string | null;
  data: unknown;
  proved_at: Date | null;
  last_used_at: Date | null;
};

const accountByIdentifier = statement<PasswordRow & { subject: string }>(`
  select i.subject, m.id as method, m.data, m.proved_at, m.last_used_at
  from login_identifiers i left join authentication_methods m on m.subject = i.subject and m.type = 'password'
  where i.connection = $1 and i.kind = $2 and i.value = $3`);

/** The account with this identifier in a connection, and its password if it has one. One query. */
export async function findAccount(
  db: Db,
  connection: string,
  { kind, value }: Identifier,
): Promise<{ subject: string; password: PasswordMethod | undefined } | undefined> {
  const [row] = await accountByIdentifier(db, [connection, kind, value]);
  return row && { subject: row.subject, password: toPassword(row.subject, row) };
}

export function toPassword(subject: string, row: PasswordRow): PasswordMethod | undefined {
  const { method: id, data, proved_at: provedAt, last_used_at: lastUsedAt } = row;
  return id === null ? undefined : { id, subject, hash: passwordData.parse(data).hash, provedAt, lastUsedAt };
}

/** What these subjects sign in with, by subject and connection. */
export async function readIdentifiers(db: Db, subjects: readonly string[]): Promise<LoginIdentifier[]> {
  if (subjects.length === 0) return [];
  const rows = await db.selectFrom('login_identifiers').selectAll().where('subject', 'in', subjects).execute();
  return rows.flatMap(toIdentifier);
}

/** Accounts of all connections with this identifier. */
export async function readAccounts(db: Db, { kind, value }: Identifier): Promise<LoginIdentifier[]> {
  const rows = await db
    .selectFrom('login_identifiers')
    .selectAll()
    .where('kind', '=', kind)
    .where('value', '=', value)
    .orderBy('connection')
    .execute();
  return rows.flatMap(toIdentifier);
}

function toIdentifier(row: { connection: string; kind: string; value: string; subject: string }): LoginIdentifier[] {
  const { connection, kind, value, subject } = row;
  return kind === 'email' || kind === 'username' ? [{ connection, kind, value, subject }] : [];
}

/** Others who want this identifier wait until the transaction ends. */
export async function lockIdentifier(
  tx: Db,
  connection: string,
  { kind, value }: Identifier | { kind: 'phone'; value: string },
): Promise<void> {
  const name = JSON.stringify(['login_identifier', connection, kind, value]);
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx);
}

/** Throws a unique violation when another account of the connection has it. */
export async function insertIdentifier(tx: Db, identifier: LoginIdentifier): Promise<void> {
  await tx.insertInto('login_identifiers').values(identifier).execute();
}

/** Takes from a subject its identifiers of a kind, or all but one. */
export async function deleteIdentifiers(
  tx: Db,
  subject: string,
  kind: Identifier['kind'],
  except?: string,
): Promise<string[]> {
  const rows = await tx
    .deleteFrom('login_identifiers')
    .where('subject', '=', subject)
    .where('kind', '=', kind)
    .where('value', '<>', except ?? '')
    .returning('value')
    .execute();
  return rows.map((row) => row.value);
}

export async function readPasswords(
  db: Db,
  subjects: readonly string[],
): Promise<(PasswordMethod & { createdAt: Date })[]> {
  if (subjects.length === 0) return [];
  const rows = await db
    .selectFrom('authentication_methods')
    .selectAll()
    .where('subject', 'in', subjects)
    .where('type', '=', 'password')
    .execute();
  return rows.map(({ id, subject, data, proved_at, last_used_at, created_at }) => {
    return {
      id,
      subject,
      hash: passwordData.parse(data).hash,
      provedAt: proved_at,
      lastUsedAt: last_used_at,
      createdAt: created_at,
    };
  });
}

/**
 * Sets or replaces a subject's password; a new password is a new way in.
 *
 * @param password `remember`: so many of the latest are remembered, the new one among them; 0: none
 * @returns its id
 */
export async function writePassword(
  tx: Db,
  password: { subject: string; hash: string; provedAt: Date | null; at: Date; remember?: number | undefined },
): Promise<string> {
  const { subject, hash, provedAt, at, remember = 0 } = password;
  await rememberPassword(tx, subject, remember, at);
  const row = { id: uuid(), data: JSON.stringify({ hash }), proved_at: provedAt, created_at: at };
  await tx
    .insertInto('authentication_methods')
    .values({ ...row, subject, type: 'password' })
    .onConflict((conflict) =>
      conflict
        .column('subject')
        // Written out, not a parameter: PostgreSQL must see which index is meant however it plans.
        .where(sql<boolean>`type = 'password'`)
        .doUpdateSet({ ...row, last_used_at: null }),
    )
    .execute();
  return row.id;
}

/** Moves the present password among the earlier ones, of which the newest stay. */
async function rememberPassword(tx: Db, subject: string, remember: number, at: Date): Promise<void> {
  if (remember > 1) {
    await sql`
      insert into password_history (subject, id, hash, replaced_at)
      select subject, id, data ->> 'hash', ${at} from authentication_methods
      where subject = ${subject} and type = 'password'`.execute(tx);
  }
  await sql`
    delete from password_history where subject = ${subject} and id not in (
      select id from password_history where subject = ${subject}
      order by replaced_at desc, id desc limit ${Math.max(0, remember - 1)}
    )`.execute(tx);
}

/** Hashes of the latest passwords of a subject, the present one first. */
export async function readLatestHashes(db: Db, subject: string, count: number): Promise<string[]> {
  const found = await sql<{ hash: string }>`
    (select data ->> 'hash' as hash, 'infinity'::timestamptz as until from authentication_methods
      where subject = ${subject} and type = 'password')
    union all
    (select hash, replaced_at from password_history where subject = ${subject})
    order by until desc limit ${count}`.execute(db);
  return found.rows.map(({ hash }) => hash);
}

/** Hashed anew with today's parameters, unless it was changed meanwhile. */
export async function rehashPassword(db: Db, password: PasswordMethod, hash: string): Promise<void> {
  await db
    .updateTable('authentication_methods')
    .set({ data: JSON.stringify({ hash }) })
    .where('subject', '=', password.subject)
    .where('id', '=', password.id)
    .where('data', '=', JSON.stringify({ hash: password.hash }))
    .execute();
}

/** Removes passwords: all of these subjects, or only those that nobody proved. @returns whose they were */
export function deletePasswords(tx: Db, subjects: readonly string[], only: { unproven: boolean }): Promise<string[]> {
  return deleteWaysIn(tx, 'password', subjects, only);
}

/** Removes ways in of one type: all of these subjects, or only those that nobody proved. @returns whose they were */
export async function deleteWaysIn(
  tx: Db,
  type: 'password' | 'passkey',
  subjects: readonly string[],
  only: { unproven: boolean },
): Promise<string[]> {
  if (subjects.length === 0) return [];
  const rows = await tx
    .deleteFrom('authentication_methods')
    .where('subject', 'in', subjects)
    .where('type', '=', type)
    .$if(only.unproven, (query) => query.where('proved_at', 'is', null))
    .returning('subject')
    .execute();
  return rows.map((row) => row.subject);
}

/** These subjects' passwords were used in a proof. */
export async function markProven(tx: Db, subjects: readonly string[], at: Date): Promise<void> {
  if (subjects.length === 0) return;
  await tx
    .updateTable('authentication_methods')
    .set({ proved_at: at })
    .where('subject', 'in', subjects)
    .where('proved_at', 'is', null)
    .execute();
}

const useMethod = `
  update authentication_methods set last_used_at = $3::timestamptz where subject = $1::uuid and id = $2::uuid
  returning 1`;

/** Notes that a way in was used: a part that is no row when there is no such way in any more. */
export function useMethodPart(subject: string, id: string, at: Date): Part {
  return { text: useMethod, values: [subject, id, at] };
}

export async function deleteAccountsOf(tx: Db, subjects: readonly string[]): Promise<void> {
  await sql`delete from authentication_methods where subject = any(${subjects}::uuid[])`.execute(tx);
  await sql`delete from login_identifiers where subject = any(${subjects}::uuid[])`.execute(tx);
  await sql`delete from password_history where subject = any(${subjects}::uuid[])`.execute(tx);
}
