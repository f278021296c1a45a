import { type WordingTexts, wordingTexts } from '../../../contract/consents.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { checkRoom, noSuchConsent } from './catalogue.ts';
import { lockEntry, readEntries } from './catalogue-store.ts';
import {
  deleteDraft,
  insertWording,
  markPublished,
  markWithdrawn,
  readDrafts,
  readWordings,
  updateDraft,
  type WordingRow,
} from './wordings-store.ts';

/** One version of the words in which a consent is asked. */
export type Wording = {
  readonly version: string;
  readonly texts: WordingTexts;
  readonly status: 'draft' | 'in_force' | 'superseded' | 'withdrawn';
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly published_at: Date | null;
  readonly withdrawn_at: Date | null;
};

type Ground = Pick<Base, 'db' | 'settings'>;

/** Every version of an entry, the newest first. @throws Problem `not_found` (no such entry) */
export async function listWordings(db: Db, consent: string): Promise<Wording[]> {
  const [entry] = await readEntries(db, { id: consent });
  if (!entry) throw noSuchConsent();
  return (await readWordings(db, consent)).map((row) => toWording(row, entry.version));
}

/** @throws Problem `not_found` */
export async function getWording(db: Db, consent: string, version: string): Promise<Wording> {
  const found = (await listWordings(db, consent)).find((one) => one.version === version);
  if (!found) throw noSuchVersion();
  return found;
}

/** The versions of these entries that are not published, the newest first. */
export async function draftsOf(db: Db, consents: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const drafts = await readDrafts(db, consents);
  const grouped = Map.groupBy(drafts, ({ consent }) => consent);
  return new Map([...grouped].map(([consent, rows]) => [consent, rows.map(({ version }) => version)]));
}

/** Writes a draft; nobody sees it before it is published. @throws Problem `not_found`, `already_exists` */
export function draftWording(
  base: Ground,
  consent: string,
  draft: { version?: string | undefined; texts: WordingTexts },
): Promise<Wording> {
  return change(base, consent, async (tx) => {
    const version = draft.version ?? nextNumber(await readWordings(tx, consent));
    const row = await insertWording(tx, { consent, version, texts: draft.texts }, now());
    if (!row) throw new Problem('already_exists', `There is a version ${version} already.`);
    return version;
  });
}

/**
 * Changes a draft.
 *
 * @param check looks at what is there while nobody else can change it, and throws if it should stay as it is
 * @throws Problem `not_found`; `conflict` once it is published
 */
export function redraftWording(
  base: Ground,
  consent: string,
  version: string,
  texts: WordingTexts,
  check?: () => Promise<void>,
): Promise<Wording> {
  return change(base, consent, async (tx) => {
    await check?.();
    if (!(await updateDraft(tx, { consent, version }, texts, now()))) await refuse(tx, consent, version);
    return version;
  });
}

/** Throws a draft away. @throws Problem `not_found`; `conflict` once it is published */
export function removeWording(base: Ground, consent: string, version: string): Promise<void> {
  return transact(base.db, async (tx) => {
    if (!(await lockEntry(tx, consent))) throw noSuchConsent();
    if (!(await deleteDraft(tx, { consent, version }))) await refuse(tx, consent, version);
  });
}

/**
 * From now on it is this version that is asked. Its words never change again: consents point at them.
 *
 * @throws Problem `not_found`; `conflict` when it was published before, or the brand asks as much as it can already
 */
export function publishWording(base: Ground, consent: string, version: string): Promise<Wording> {
  return change(base, consent, async (tx) => {
    const [newest] = (await readWordings(tx, consent)).flatMap((one) => one.published_at ?? []).sort((a, b) => +b - +a);
    // Two in one millisecond: the later is the newer all the same.
    const at = new Date(Math.max(now().getTime(), (newest?.getTime() ?? 0) + 1));
    await checkRoom(tx, consent);
    if (!(await markPublished(tx, { consent, version }, at))) await refuse(tx, consent, version);
    return version;
  });
}

/**
 * Nobody is asked this version any more; the one before it is in force again. What was said to it stays on record.
 *
 * @throws Problem `not_found`; `conflict` when it is a draft or was withdrawn before
 */
export function withdrawWording(base: Ground, consent: string, version: string): Promise<Wording> {
  return change(base, consent, async (tx) => {
    if (!(await markWithdrawn(tx, { consent, version }, now()))) {
      await getWording(tx, consent, version);
      throw new Problem(
        'conflict',
        'Only a version that is published, and was not withdrawn before, can be withdrawn.',
      );
    }
    return version;
  });
}

function change(base: Ground, consent: string, act: (tx: Db) => Promise<string>): Promise<Wording> {
  return transact(base.db, async (tx) => {
    if (!(await lockEntry(tx, consent))) throw noSuchConsent();
    const version = await act(tx);
    await base.settings.changed(tx);
    return getWording(tx, consent, version);
  });
}

async function refuse(tx: Db, consent: string, version: string): Promise<never> {
  await getWording(tx, consent, version);
  throw new Problem('conflict', 'A published version never changes. Write a new one.');
}

function nextNumber(rows: readonly WordingRow[]): string {
  const numbers = rows.map(({ version }) => (/^\d{1,9}$/.test(version) ? Number(version) : 0));
  return String(Math.max(0, ...numbers) + 1);
}

function toWording(row: WordingRow, inForce: string | null): Wording {
  const { version, published_at, withdrawn_at, created_at, updated_at } = row;
  const status = withdrawn_at ? 'withdrawn' : !published_at ? 'draft' : version === inForce ? 'in_force' : 'superseded';
  const texts = wordingTexts.parse(row.texts);
  return { version, texts, status, created_at, updated_at, published_at, withdrawn_at };
}

function noSuchVersion(): Problem {
  return new Problem('not_found', 'The consent has no such version.', { errorCode: 'inexistent_wording' });
}
