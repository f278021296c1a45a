import { sql } from 'kysely';
import { z } from 'zod';
import { passkeyTransport } from '../../../contract/passkeys.ts';
import type { KeptPasskey, NewPasskey, PasskeyId } from '../../base/credentials/passkey.ts';
import { type Db, isUniqueViolation } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';
import type { Part } from '../../base/statement.ts';
import { deleteWaysIn } from './store.ts';

/** A passkey as it is kept: a way in of one subject. */
export type PasskeyMethod = KeptPasskey &
  PasskeyId & {
    readonly id: string;
    readonly subject: string;
    /** Of the subject's identity. */
    readonly connection: string;
    readonly name: string;
    readonly aaguid: string;
    readonly isSynced: boolean;
    readonly provedAt: Date | null;
    readonly lastUsedAt: Date | null;
    readonly createdAt: Date;
  };

/** A new passkey as JSON, so that a flow can keep it until its account is made. */
export const packedPasskey = z.object({
  credential_id: z.string(),
  public_key: z.string(),
  user_handle: z.string(),
  counter: z.number(),
  transports: z.array(passkeyTransport),
  aaguid: z.string(),
  is_synced: z.boolean(),
});
export type PackedPasskey = z.infer<typeof packedPasskey>;

const passkeyData = packedPasskey.omit({ credential_id: true }).extend({ name: z.string(), connection: z.string() });

export function packPasskey(passkey: NewPasskey): PackedPasskey {
  return {
    credential_id: passkey.credentialId.toString('base64url'),
    public_key: passkey.publicKey.toString('base64url'),
    user_handle: passkey.userHandle.toString('base64url'),
    counter: passkey.counter,
    transports: [...passkey.transports],
    aaguid: passkey.aaguid,
    is_synced: passkey.isSynced,
  };
}

/** A passkey's row. */
export type PasskeyRow = {
  id: string;
  subject: string;
  credential_id: Buffer | null;
  data: unknown;
  proved_at: Date | null;
  last_used_at: Date | null;
  created_at: Date;
};

const columns = ['id', 'subject', 'credential_id', 'data', 'proved_at', 'last_used_at', 'created_at'] as const;

/** All passkeys of these subjects, the oldest first. */
export async function readPasskeys(db: Db, subjects: readonly string[]): Promise<PasskeyMethod[]> {
  if (subjects.length === 0) return [];
  const rows = await db
    .selectFrom('authentication_methods')
    .select(columns)
    .where('subject', 'in', subjects)
    .where('type', '=', 'passkey')
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(toPasskey);
}

/** Throws Problem already_exists when somebody has this very passkey; the transaction is over then. */
export async function insertPasskey(
  tx: Db,
  draft: {
    subject: string;
    connection: string;
    name: string;
    passkey: PackedPasskey;
    provedAt: Date | null;
    at: Date;
  },
): Promise<void> {
  const { subject, connection, name, passkey, provedAt, at } = draft;
  const { credential_id, ...kept } = passkey;
  const data: z.infer<typeof passkeyData> = { ...kept, name, connection };
  try {
    await tx
      .insertInto('authentication_methods')
      .values({
        id: uuid(),
        subject,
        type: 'passkey',
        credential_id: Buffer.from(credential_id, 'base64url'),
        data: JSON.stringify(data),
        proved_at: provedAt,
        created_at: at,
      })
      .execute();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new Problem('already_exists', 'This passkey was added before.', { reason: 'passkey_known' });
  }
}

const usePasskey = `
  update authentication_methods
  set last_used_at = $3::timestamptz, data = jsonb_set(data, '{counter}', to_jsonb($4::bigint))
  where subject = $1::uuid and id = $2::uuid
    and ((data->>'counter')::bigint < $4::bigint or ($4::bigint = 0 and data->>'counter' = '0'))
  returning 1`;

/**
 * Notes that a passkey was used: a part that is no row when there is no such passkey any more, or when an answer with
 * this counter or a higher one was written meanwhile.
 */
export function usePasskeyPart(subject: string, id: string, counter: number, at: Date): Part {
  return { text: usePasskey, values: [subject, id, at, counter] };
}

export async function renamePasskey(tx: Db, subject: string, id: string, name: string): Promise<void> {
  await sql`
    update authentication_methods set data = jsonb_set(data, '{name}', to_jsonb(${name}::text))
    where subject = ${subject} and id = ${id} and type = 'passkey'`.execute(tx);
}

export async function deletePasskey(tx: Db, subject: string, id: string): Promise<void> {
  await tx
    .deleteFrom('authentication_methods')
    .where('subject', '=', subject)
    .where('id', '=', id)
    .where('type', '=', 'passkey')
    .execute();
}

/** Removes passkeys: all of these subjects, or only those that nobody proved. @returns whose they were */
export function deletePasskeys(tx: Db, subjects: readonly string[], only: { unproven: boolean }): Promise<string[]> {
  return deleteWaysIn(tx, 'passkey', subjects, only);
}

export function toPasskey(row: PasskeyRow): PasskeyMethod {
  const { id, subject, credential_id, data, proved_at, last_used_at, created_at } = row;
  if (!credential_id) throw new Error(`The passkey ${id} has no credential id.`);
  const { name, connection, public_key, user_handle, counter, transports, aaguid, is_synced } = passkeyData.parse(data);
  return {
    id,
    subject,
    connection,
    name,
    credentialId: credential_id,
    publicKey: Buffer.from(public_key, 'base64url'),
    userHandle: Buffer.from(user_handle, 'base64url'),
    counter,
    transports,
    aaguid,
    isSynced: is_synced,
    provedAt: proved_at,
    lastUsedAt: last_used_at,
    createdAt: created_at,
  };
}
