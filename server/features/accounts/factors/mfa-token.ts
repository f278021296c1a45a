import { sql } from 'kysely';
import { inSeconds, now } from '../../../base/clock.ts';
import { tokenHash } from '../../../base/crypto.ts';
import type { Db } from '../../../base/db.ts';
import { Problem } from '../../../base/errors.ts';
import { secretToken } from '../../../base/ids.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../base/json.ts';
import type { Part } from '../../../base/statement.ts';

const goodForSeconds = 600;

/** A sign-in without page that waits for its second factor: what an `mfa_token` stands for. */
export type MfaToken = {
  /** Customer's uuid. */
  readonly customer: string;
  /** Client id of the portal that signs in; nobody else may use the token. */
  readonly portal: string;
  /** How far the sign-in has come, in the words of whoever issued it. */
  readonly content: JsonObject;
};

/** Makes a token that is good for ten minutes and one sign-in. Only its hash is kept. */
export async function issueMfaToken(tx: Db, { customer, portal, content }: MfaToken): Promise<string> {
  const token = secretToken();
  await tx
    .insertInto('mfa_tokens')
    .values({
      hash: tokenHash(token),
      customer,
      portal,
      content: JSON.stringify(content),
      created_at: now(),
      expires_at: inSeconds(goodForSeconds),
    })
    .execute();
  return token;
}

/** What a token stands for, without using it up; undefined when it is used, too old or unknown. */
export async function readMfaToken(db: Db, token: string): Promise<MfaToken | undefined> {
  const row = await db
    .selectFrom('mfa_tokens')
    .select(['customer', 'portal', 'content'])
    .where('hash', '=', tokenHash(token))
    .where('consumed_at', 'is', null)
    .where('expires_at', '>', now())
    .executeTakeFirst();
  return row && toToken(row);
}

/** Keeps how far the sign-in has come. @returns false when the token is used or too old */
export async function saveMfaToken(tx: Db, token: string, content: JsonObject): Promise<boolean> {
  const saved = await sql`update mfa_tokens set content = ${JSON.stringify(content)}::jsonb
    where hash = ${tokenHash(token)} and consumed_at is null and expires_at > ${now()} returning 1`.execute(tx);
  return saved.rows.length > 0;
}

/** Uses a token up; of any number at once one gets what it stands for. */
export async function takeMfaToken(tx: Db, token: string): Promise<MfaToken | undefined> {
  const taken = await sql<{ customer: string; portal: string; content: Json }>`
    update mfa_tokens set consumed_at = ${now()}
    where hash = ${tokenHash(token)} and consumed_at is null and expires_at > ${now()}
    returning customer, portal, content`.execute(tx);
  return taken.rows[0] && toToken(taken.rows[0]);
}

/**
 * The same as a part of what a sign-in writes: two sign-ins with one token are one.
 *
 * @throws Problem flow_expired, when written, where the token is used or too old
 */
export function takeMfaTokenPart(token: string): Part {
  return { text: takeToken, values: [tokenHash(token), now()], orElse: () => new Problem('flow_expired') };
}

const takeToken = `update mfa_tokens set consumed_at = $2::timestamptz
  where hash = $1::bytea and consumed_at is null and expires_at > $2::timestamptz returning 1`;

/** Sign-ins of these customers that wait for a second factor go no further. */
export async function deleteMfaTokens(tx: Db, customers: readonly string[]): Promise<void> {
  await sql`delete from mfa_tokens where customer = any(${customers}::uuid[])`.execute(tx);
}

function toToken({ customer, portal, content }: { customer: string; portal: string; content: Json }): MfaToken {
  return { customer, portal, content: isJsonObject(content) ? content : {} };
}
