import { tokenHash } from '../../base/crypto.ts';
import type { Db } from '../../base/db.ts';
import { secretToken } from '../../base/ids.ts';
import { statement } from '../../base/statement.ts';

const goodFor = `interval '15 minutes'`;

/** What is due of whoever is half in: their second factor, or to add one. */
export type Due = 'factor' | 'enrolment';

/** Somebody whose first way was right, and nothing more. */
export type Step = {
  readonly staff: { readonly id: string; readonly name: string; readonly email: string };
  readonly amr: readonly string[];
  readonly returnTo: string;
};

const insert = statement(`
  insert into staff_steps (token_hash, staff, due, amr, return_to, created_at, expires_at)
  values ($1, $2::uuid, $3, $4, $5, $6::timestamptz, $6 + ${goodFor}) returning 1`);

/** @returns the visit's new cookie, of which only a hash is kept */
export async function insertStep(
  tx: Db,
  draft: { staff: string; due: Due; amr: readonly string[]; returnTo: string; at: Date },
): Promise<string> {
  const { staff, due, amr, returnTo, at } = draft;
  const cookie = secretToken();
  await insert(tx, [tokenHash(cookie), staff, due, amr, returnTo, at]);
  return cookie;
}

type Row = { id: string; name: string; email: string; amr: string[]; return_to: string };

const find = statement<Row>(`
  select s.id, s.name, s.email, t.amr, t.return_to from staff_steps t join staff s on s.id = t.staff and not s.blocked
  where t.token_hash = $1 and t.due = $2 and t.expires_at > $3`);

/** Who is half in with this cookie, where this is due. */
export async function findStep(db: Db, cookie: string, due: Due, at: Date): Promise<Step | undefined> {
  const [row] = await find(db, [tokenHash(cookie), due, at]);
  return row && toStep(row);
}

const take = statement<Row>(`
  with taken as (
    delete from staff_steps where token_hash = $1 and due = $2 and expires_at > $3 returning staff, amr, return_to
  )
  select s.id, s.name, s.email, t.amr, t.return_to from taken t join staff s on s.id = t.staff and not s.blocked`);

/** Uses the step up; of any number at once one gets it. */
export async function takeStep(tx: Db, cookie: string, due: Due, at: Date): Promise<Step | undefined> {
  const [row] = await take(tx, [tokenHash(cookie), due, at]);
  return row && toStep(row);
}

function toStep({ id, name, email, amr, return_to }: Row): Step {
  return { staff: { id, name, email }, amr, returnTo: return_to };
}
