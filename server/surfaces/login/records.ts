import { sql } from 'kysely';
import { now } from '../../base/clock.ts';
import type { Db } from '../../base/db.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { type Part, statement, writeTogether } from '../../base/statement.ts';
import { factorColumn } from '../../features/accounts/accounts.ts';
import { toUsual, type Usual, type UsualRow, usualColumns, visitedColumn } from '../../features/customers/customers.ts';
import { type Attempt, attempt as attemptSchema, type FlowState } from './flow-state.ts';
import { type Ahead, type KeptRow, keptAhead, keptColumns } from './rules/kept.ts';

/** What a session was last used for. */
export type LastSignIn = {
  readonly subject: string;
  readonly connection: string;
  /** Brand's uuid. */
  readonly brand: string;
  readonly amr: string[];
  readonly acr: string | null;
  /** Kind of the second factor that it has passed. */
  readonly factor: string | null;
};

/** The sign-in that this session was last used for: of the newest grant in it that is still there. */
export async function lastSignInOf(db: Db, customer: string, sessionUid: string): Promise<LastSignIn | undefined> {
  return (await lastSignIn(db, [sessionUid, customer]))[0];
}

const ofSession = `
  select s.subject, s.connection, s.brand, s.amr, s.acr, s.factor
  from (select customer, sign_in from grants where session_uid = $1 and customer = $2::uuid
    order by created_at desc limit 1) g
  join sign_ins s on s.customer = g.customer and s.id = g.sign_in`;
const lastSignIn = statement<LastSignIn>(ofSession);

/** What the journey has to know of whoever comes by a session, in one look. */
export type SessionLook = {
  readonly last: LastSignIn | undefined;
  /** Were they at this brand before? */
  readonly knowsBrand: boolean;
  readonly hasFactor: boolean;
  /** Of the device that asks, and of places. */
  readonly usual: Usual;
  /** What code will be told, where it was asked for. */
  readonly ahead?: Ahead | undefined;
};

type LookRow = UsualRow & { knows_brand: boolean; has_factor: boolean } & (LastSignIn | { subject: null });

const lookColumns = `l.*, ${visitedColumn('$2::uuid', '$3::uuid')}, ${factorColumn('$2::uuid')},
  ${usualColumns('$2::uuid', '$4')}`;
const here = `from (values (1)) as here left join (${ofSession}) as l on true`;
const sessionLook = statement<LookRow>(`select ${lookColumns} ${here}`);
const lookForCode = statement<LookRow & KeptRow>(
  `select ${lookColumns}, ${keptColumns('$2::uuid', '$5::timestamptz')} ${here}`,
);

type Session = { readonly uid: string; readonly customer: string };
/** `cookieHash` of the device, null where there is no browser. */
type LookedAt = { readonly brand: string; readonly cookieHash: Buffer | null };

/** Reads it in one query. */
export async function lookAtSession(
  db: Db,
  { uid, customer }: Session,
  { brand, cookieHash }: LookedAt,
): Promise<SessionLook> {
  return toLook(theOnly(await sessionLook(db, [uid, customer, brand, cookieHash])));
}

/** The same where code of the umbrella will run: with what it will be told, ahead. */
export async function lookAtSessionForCode(
  db: Db,
  { uid, customer }: Session,
  { brand, cookieHash }: LookedAt,
): Promise<SessionLook> {
  const at = now();
  const row = theOnly(await lookForCode(db, [uid, customer, brand, cookieHash, at]));
  return { ...toLook(row), ahead: keptAhead(db, customer, row, at) };
}

function toLook(row: LookRow): SessionLook {
  const last = row.subject === null ? undefined : row;
  return { last, knowsBrand: row.knows_brand, hasFactor: row.has_factor, usual: toUsual(row) };
}

function theOnly<Row>([row]: readonly Row[]): Row {
  if (!row) throw new Error('no answer about a session');
  return row;
}

/** A customer's sign-in at a portal. */
export type SignInAt = { readonly id: string; readonly subject: string; readonly connection: string };

/** The newest sign-in of this customer at this portal. */
export async function signInAt(db: Db, customer: string, portal: string): Promise<SignInAt | undefined> {
  return db
    .selectFrom('sign_ins')
    .select(['id', 'subject', 'connection'])
    .where('customer', '=', customer)
    .where('portal', '=', portal)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Kind of the second factor that the customer's sign-in of this instant has passed. */
export async function factorAt(db: Db, customer: string, at: Date): Promise<string | null> {
  const found = await db
    .selectFrom('sign_ins')
    .select('factor')
    .where('customer', '=', customer)
    .where('at', '=', at)
    .executeTakeFirst();
  return found?.factor ?? null;
}

/** Another request has finished this flow: what it recorded holds, and nothing of this one. */
export class AlreadyDone extends Error {}

/**
 * What the pages remember of a flow, as a part that is refused with AlreadyDone when the flow is done or over.
 *
 * @param result what the engine is told, when nothing is asked any more (`flowResult`)
 */
export function statePart(flowId: string, state: FlowState, result?: JsonObject): Part {
  const told = result ? ", engine = engine || jsonb_build_object('result', $3::jsonb)" : '';
  return {
    text: `update flows set state = $2::jsonb${told} where id = $1 and not state ? 'done' returning 1`,
    values: [flowId, JSON.stringify(state), ...(result ? [JSON.stringify(result)] : [])],
    orElse: () => new AlreadyDone(),
  };
}

/**
 * Keeps what the pages remember of a flow, unless it is done.
 *
 * @throws AlreadyDone when it is done or over; inside a transaction that undoes everything else
 */
export function saveState(db: Db, flowId: string, state: FlowState): Promise<void> {
  return writeTogether(db, [statePart(flowId, state)]);
}

/**
 * Takes an attempt out of the flow's state, so that its answer is looked at once.
 *
 * @returns the attempt, or undefined when it was not there (any more)
 */
export async function takeAttempt(db: Db, flowId: string, attemptId: string): Promise<Attempt | undefined> {
  const result = await sql<{ attempt: Json }>`
    update flows f set state = jsonb_set(f.state, '{attempts}',
        coalesce(jsonb_path_query_array(f.state, '$.attempts[*] ? (@.id != $id)', ${vars(attemptId)}), '[]'))
    from (select jsonb_path_query_first(state, '$.attempts[*] ? (@.id == $id)', ${vars(attemptId)}) as attempt
      from flows where id = ${flowId} for update) as old
    where f.id = ${flowId} and old.attempt is not null
    returning old.attempt`.execute(db);
  const row = result.rows[0];
  return row && attemptSchema.parse(row.attempt);
}

/** Is an answer to this attempt still waited for? */
export async function isAttempted(db: Db, flowId: string, attemptId: string): Promise<boolean> {
  const { rows } = await sql`
    select from flows where id = ${flowId} and expires_at > ${now()}
      and jsonb_path_exists(state, '$.attempts[*] ? (@.id == $id)', ${vars(attemptId)})`.execute(db);
  return rows.length > 0;
}

function vars(id: string) {
  return sql`${JSON.stringify({ id })}::jsonb`;
}
