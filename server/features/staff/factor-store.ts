import { sql } from 'kysely';
import { z } from 'zod';
import type { Db } from '../../base/db.ts';
import { statement } from '../../base/statement.ts';

/** What a secret of an app is encrypted as. */
export const sealedContext = 'staff_ways.sealed';

/** An authenticator app, or a set of recovery codes. */
export type StoredFactor = {
  readonly id: string;
  readonly kind: 'totp' | 'recovery_codes';
  readonly sealed: string | null;
};

const factors = statement<{ id: string; kind: string; sealed: string | null }>(`
  select id, kind, sealed from staff_ways where staff = $1::uuid and kind in ('totp', 'recovery_codes')
  order by created_at, id`);

export async function readFactors(db: Db, staff: string): Promise<StoredFactor[]> {
  const rows = await factors(db, [staff]);
  return rows.map(({ id, kind, sealed }) => ({ id, kind: z.enum(['totp', 'recovery_codes']).parse(kind), sealed }));
}

/** Adds an app. The same act once more changes nothing. */
export async function insertTotp(
  tx: Db,
  app: { id: string; staff: string; name: string; sealed: string; lastStep: number; at: Date },
): Promise<void> {
  const { id, staff, name, sealed, lastStep, at } = app;
  await tx
    .insertInto('staff_ways')
    .values({
      id,
      staff,
      kind: 'totp',
      data: JSON.stringify({ name }),
      sealed,
      last_step: lastStep,
      created_at: at,
      last_used_at: at,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

export async function insertRecoveryCodes(
  tx: Db,
  set: { id: string; staff: string; hashes: readonly string[]; at: Date },
): Promise<void> {
  const { id, staff, hashes, at } = set;
  await tx
    .insertInto('staff_ways')
    .values({ id, staff, kind: 'recovery_codes', data: JSON.stringify({ hashes }), created_at: at })
    .execute();
}

/** Uses a time step up, and every one before it. Of any number at once one gets true; so does none that is too late. */
export async function takeStep(db: Db, id: string, step: number, at: Date): Promise<boolean> {
  const taken = await sql`
    update staff_ways set last_step = ${step}, last_used_at = ${at}
    where id = ${id} and (last_step is null or last_step < ${step}) returning 1`.execute(db);
  return taken.rows.length > 0;
}

/** Takes a recovery code out of its set. Of any number at once one gets true. */
export async function takeRecoveryCode(db: Db, id: string, hash: string, at: Date): Promise<boolean> {
  const taken = await sql`
    update staff_ways set data = jsonb_set(data, '{hashes}', (data -> 'hashes') - ${hash}::text), last_used_at = ${at}
    where id = ${id} and kind = 'recovery_codes' and data -> 'hashes' ? ${hash}::text returning 1`.execute(db);
  return taken.rows.length > 0;
}
