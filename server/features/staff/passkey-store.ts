import { sql } from 'kysely';
import { z } from 'zod';
import type { KeptPasskey, NewPasskey, PasskeyId } from '../../base/credentials/passkey.ts';
import { type Db, isUniqueViolation } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';

const transport = z.enum(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']);
const passkeyData = z.object({
  name: z.string(),
  public_key: z.string(),
  user_handle: z.string(),
  counter: z.number(),
  transports: z.array(transport),
  is_synced: z.boolean(),
});

/** A passkey of one of the staff. */
export type StaffPasskey = KeptPasskey &
  PasskeyId & { readonly id: string; readonly staff: string; readonly isSynced: boolean };

type Row = { id: string; staff: string; credential_id: Buffer | null; data: unknown };

/** The passkey of a credential id, whoever's of the staff it is. */
export async function findPasskey(db: Db, credentialId: Buffer): Promise<StaffPasskey | undefined> {
  const row = await db
    .selectFrom('staff_ways')
    .select(['id', 'staff', 'credential_id', 'data'])
    .where('credential_id', '=', credentialId)
    .executeTakeFirst();
  return row && toPasskey(row);
}

/** All passkeys of somebody, the oldest first. */
export async function readPasskeys(db: Db, staff: string): Promise<StaffPasskey[]> {
  const rows = await db
    .selectFrom('staff_ways')
    .select(['id', 'staff', 'credential_id', 'data'])
    .where('staff', '=', staff)
    .where('kind', '=', 'passkey')
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(toPasskey);
}

/** Throws Problem already_exists when somebody has this very passkey; the transaction is over then. */
export async function insertPasskey(
  tx: Db,
  staff: string,
  name: string,
  passkey: NewPasskey,
  at: Date,
): Promise<string> {
  const kept: z.infer<typeof passkeyData> = {
    name,
    public_key: passkey.publicKey.toString('base64url'),
    user_handle: passkey.userHandle.toString('base64url'),
    counter: passkey.counter,
    transports: [...passkey.transports],
    is_synced: passkey.isSynced,
  };
  const id = uuid();
  try {
    await tx
      .insertInto('staff_ways')
      .values({
        id,
        staff,
        kind: 'passkey',
        credential_id: passkey.credentialId,
        data: JSON.stringify(kept),
        created_at: at,
      })
      .execute();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new Problem('already_exists', 'This passkey was added before.');
  }
  return id;
}

/**
 * Notes that a passkey was used. @returns false when it is gone, or an answer with this counter or a higher one was
 * written meanwhile
 */
export async function usePasskey(db: Db, id: string, counter: number, at: Date): Promise<boolean> {
  const used = await sql`
    update staff_ways set last_used_at = ${at}, data = jsonb_set(data, '{counter}', to_jsonb(${counter}::bigint))
    where id = ${id} and ((data ->> 'counter')::bigint < ${counter} or (${counter} = 0 and data ->> 'counter' = '0'))
    returning 1`.execute(db);
  return used.rows.length > 0;
}

function toPasskey({ id, staff, credential_id, data }: Row): StaffPasskey {
  if (!credential_id) throw new Error(`The passkey ${id} has no credential id.`);
  const { public_key, user_handle, counter, transports, is_synced } = passkeyData.parse(data);
  return {
    id,
    staff,
    credentialId: credential_id,
    publicKey: Buffer.from(public_key, 'base64url'),
    userHandle: Buffer.from(user_handle, 'base64url'),
    counter,
    transports,
    isSynced: is_synced,
  };
}
