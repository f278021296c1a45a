import { type Selectable, sql } from 'kysely';
import type { WordingTexts } from '../../../contract/consents.ts';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';

export type WordingRow = Selectable<DB['consent_wordings']>;

/** Every version of an entry, the newest first. */
export function readWordings(db: Db, consent: string): Promise<WordingRow[]> {
  return db
    .selectFrom('consent_wordings')
    .selectAll()
    .where('consent', '=', consent)
    .orderBy('created_at', 'desc')
    .orderBy('version', 'desc')
    .execute();
}

/** The versions of these entries that are not published, the newest first. */
export function readDrafts(db: Db, consents: readonly string[]): Promise<Pick<WordingRow, 'consent' | 'version'>[]> {
  return db
    .selectFrom('consent_wordings')
    .select(['consent', 'version'])
    .where('consent', '=', sql<string>`any(${consents}::uuid[])`)
    .where('published_at', 'is', null)
    .orderBy('created_at', 'desc')
    .orderBy('version', 'desc')
    .execute();
}

/** Undefined when the entry has this version already. */
export function insertWording(
  tx: Db,
  wording: { consent: string; version: string; texts: WordingTexts },
  at: Date,
): Promise<WordingRow | undefined> {
  return tx
    .insertInto('consent_wordings')
    .values({ ...wording, texts: JSON.stringify(wording.texts), created_at: at, updated_at: at })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
}

type Key = { consent: string; version: string };

/** Undefined when it is published. */
export function updateDraft(tx: Db, { consent, version }: Key, texts: WordingTexts, at: Date) {
  return tx
    .updateTable('consent_wordings')
    .set({ texts: JSON.stringify(texts), updated_at: at })
    .where('consent', '=', consent)
    .where('version', '=', version)
    .where('published_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
}

/** False when it is published. */
export async function deleteDraft(tx: Db, { consent, version }: Key): Promise<boolean> {
  const deleted = await tx
    .deleteFrom('consent_wordings')
    .where('consent', '=', consent)
    .where('version', '=', version)
    .where('published_at', 'is', null)
    .executeTakeFirst();
  return deleted.numDeletedRows > 0n;
}

/** Undefined when it was published before. */
export function markPublished(tx: Db, { consent, version }: Key, at: Date): Promise<WordingRow | undefined> {
  return tx
    .updateTable('consent_wordings')
    .set({ published_at: at, updated_at: at })
    .where('consent', '=', consent)
    .where('version', '=', version)
    .where('published_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
}

/** Undefined when it is not published, or was withdrawn before. */
export function markWithdrawn(tx: Db, { consent, version }: Key, at: Date): Promise<WordingRow | undefined> {
  return tx
    .updateTable('consent_wordings')
    .set({ withdrawn_at: at, updated_at: at })
    .where('consent', '=', consent)
    .where('version', '=', version)
    .where('published_at', 'is not', null)
    .where('withdrawn_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
}
