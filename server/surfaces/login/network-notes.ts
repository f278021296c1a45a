import type { Base } from '../../base/base.ts';
import { inSeconds, now } from '../../base/clock.ts';
import { tokenHash } from '../../base/crypto.ts';
import type { Db } from '../../base/db.ts';
import { secretToken } from '../../base/ids.ts';
import { countReturn } from '../../features/accounts/accounts.ts';

const returnSeconds = 300;
const context = 'network_notes.content';

/**
 * Keeps something for one look while the browser is away.
 *
 * @param handle what to find it by, at least 128 random bits; a new one if left out
 * @returns the handle
 */
export async function keepNote(
  { db, vault }: Pick<Base, 'db' | 'vault'>,
  content: unknown,
  seconds: number,
  handle = secretToken(),
): Promise<string> {
  const sealed = vault.encrypt(JSON.stringify(content), context);
  const row = { handle_hash: tokenHash(handle), content: sealed, expires_at: inSeconds(seconds) };
  await db.insertInto('network_notes').values(row).execute();
  return handle;
}

/**
 * Keeps what another site has sent to a browser at this place until that comes for it; only for who is waited for, since
 * anybody may send it.
 *
 * @returns the handle. Throws Problem `too_many_attempts`
 */
export async function keepReturn(base: Pick<Base, 'db' | 'vault'>, ip: string, content: unknown): Promise<string> {
  await countReturn(base, ip);
  return keepNote(base, content, returnSeconds);
}

/** Is something kept under this handle? */
export async function hasNote(db: Db, handle: string): Promise<boolean> {
  const row = await findNote(db, tokenHash(handle));
  return row !== undefined && row.expires_at > now();
}

/** What is kept, without taking it; undefined when it is gone, too old, or never was. */
export async function lookAtNote({ db, vault }: Pick<Base, 'db' | 'vault'>, handle: string): Promise<unknown> {
  const row = await findNote(db, tokenHash(handle));
  return row && row.expires_at > now() ? JSON.parse(vault.decrypt(row.content, context)) : undefined;
}

/** Gives what was kept, once; undefined when it is gone, too old, or never was. */
export async function takeNote({ db, vault }: Pick<Base, 'db' | 'vault'>, handle: string): Promise<unknown> {
  const row = await deleteNote(db, tokenHash(handle));
  return row && row.expires_at > now() ? JSON.parse(vault.decrypt(row.content, context)) : undefined;
}

function findNote(db: Db, handleHash: Buffer) {
  return db
    .selectFrom('network_notes')
    .select(['content', 'expires_at'])
    .where('handle_hash', '=', handleHash)
    .executeTakeFirst();
}

function deleteNote(db: Db, handleHash: Buffer) {
  return db
    .deleteFrom('network_notes')
    .where('handle_hash', '=', handleHash)
    .returning(['content', 'expires_at'])
    .executeTakeFirst();
}
