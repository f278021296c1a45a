import {
  type ConsentPatch,
  type ConsentSettings,
  consentPurpose,
  consentSettings,
  type WordingTexts,
  wordingTexts,
} from '../../../contract/consents.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, isForeignKeyViolation, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';
import {
  deleteEntry,
  type EntryInForceRow,
  holdRoom,
  insertEntry,
  lockEntry,
  readEntries,
  updateEntry,
} from './catalogue-store.ts';
import type { Scope } from './consent.ts';
import { readWordings } from './wordings-store.ts';

/** What customers are asked to allow, and how. */
export type Entry = Scope &
  ConsentSettings & { readonly id: string; readonly created_at: Date; readonly updated_at: Date };

/** An entry that has a version in force. */
export type EntryInForce = Entry & { readonly version: string; readonly texts: WordingTexts };

type Ground = Pick<Base, 'db' | 'settings'>;

/** So many consents at most are asked at one brand, the umbrella's among them: what one form can carry. */
export const mostInForce = 100;

const defaults: ConsentSettings = {
  required: false,
  at_sign_up: true,
  in_journey: true,
  double_opt_in: false,
  minimum_age: null,
  under_age: 'skip',
  unknown_age: 'ask',
  position: 0,
};

/** The catalogue, of one brand (null: what is the umbrella's) or all of it, in the order in which it is asked. */
export async function listEntries(
  db: Db,
  which: { brand?: string | null | undefined } = {},
): Promise<(Entry & { version: string | null })[]> {
  return (await readEntries(db, which)).map((row) => ({ ...toEntry(row), version: row.version }));
}

/** One entry. @throws Problem `not_found` */
export async function getEntry(db: Db, id: string): Promise<Entry & { version: string | null }> {
  const [row] = await readEntries(db, { id });
  if (!row) throw noSuchConsent();
  return { ...toEntry(row), version: row.version };
}

/** What is asked at this brand: its own and the umbrella's, from this process's memory; at most 2 s old. */
export function cachedEntries(base: Ground, brand: string): Promise<EntryInForce[]> {
  return base.settings.remember(`consents:${brand}`, () => entriesInForce(base.db, brand));
}

/** The same from the database, of one brand or several. */
export async function entriesInForce(db: Db, ...brands: readonly string[]): Promise<EntryInForce[]> {
  const rows = await readEntries(db, {});
  return rows.filter((row) => row.brand === null || brands.includes(row.brand)).flatMap(toInForce);
}

/**
 * Puts a purpose, or one topic of it, into the catalogue. It is asked once a version of its words is published.
 *
 * @throws Problem `already_exists`, `invalid_body`
 */
export function createEntry(base: Ground, { brand, purpose, topic, ...wishes }: Scope & ConsentPatch): Promise<Entry> {
  return transact(base.db, async (tx) => {
    const settings = checkSettings({ ...defaults, ...given(wishes) });
    const row = await insertEntry(tx, uuid(), { brand, purpose, topic, ...settings }, now()).catch(noSuchBrand);
    if (!row) throw new Problem('already_exists', 'This purpose and topic of the brand is in the catalogue already.');
    await base.settings.changed(tx);
    return toEntry(row);
  });
}

/**
 * Changes how it is asked.
 *
 * @param check looks at what is there while nobody else can change it, and throws if it should stay as it is
 * @throws Problem `not_found`, `invalid_body`
 */
export function changeEntry(
  base: Ground,
  id: string,
  patch: ConsentPatch,
  check?: () => Promise<void>,
): Promise<Entry> {
  return transact(base.db, async (tx) => {
    const known = await lockEntry(tx, id);
    if (!known) throw noSuchConsent();
    await check?.();
    const current = consentSettings.parse(pickSettings(known));
    const row = await updateEntry(tx, id, checkSettings({ ...current, ...given(patch) }), now());
    if (!row) throw noSuchConsent();
    await base.settings.changed(tx);
    return toEntry(row);
  });
}

/**
 * Before a version of this entry is published: is there room for one more wherever it will be asked?
 *
 * @throws Problem `conflict` when a form would have more boxes than can be sent
 */
export async function checkRoom(tx: Db, id: string): Promise<void> {
  await holdRoom(tx);
  const all = (await readEntries(tx, {})).filter((row) => row.version !== null || row.id === id);
  const own = all.find((row) => row.id === id);
  const shared = all.filter(({ brand }) => brand === null).length;
  const counts = new Map<string | null, number>([[null, shared]]);
  for (const { brand } of all) if (brand !== null) counts.set(brand, (counts.get(brand) ?? shared) + 1);
  const most = own && own.brand !== null ? (counts.get(own.brand) ?? 0) : Math.max(...counts.values());
  if (most > mostInForce) {
    throw new Problem(
      'conflict',
      `A brand asks ${mostInForce} consents at most, the umbrella’s among them. Withdraw one that is in force first.`,
    );
  }
}

/**
 * Takes an entry out of which no version was ever published.
 *
 * @throws Problem `not_found`; `conflict` when customers may have answered it
 */
export function removeEntry(base: Ground, id: string): Promise<void> {
  return transact(base.db, async (tx) => {
    if (!(await lockEntry(tx, id))) throw noSuchConsent();
    if ((await readWordings(tx, id)).some((wording) => wording.published_at)) {
      throw new Problem(
        'conflict',
        'Customers were asked this. Withdraw its versions instead: then nobody is any more.',
      );
    }
    await deleteEntry(tx, id);
    await base.settings.changed(tx);
  });
}

export function noSuchConsent(): Problem {
  return new Problem('not_found', 'The consent does not exist.', { errorCode: 'inexistent_consent' });
}

function checkSettings(settings: ConsentSettings): ConsentSettings {
  const { required, double_opt_in, minimum_age, under_age } = settings;
  if (required && double_opt_in) {
    // Nobody could go on before they have looked into their mail: a dead end.
    throw new Problem('invalid_body', 'What is required cannot wait for a mail: required or double_opt_in, not both.');
  }
  if (under_age === 'refuse' && (!required || minimum_age === null)) {
    throw new Problem('invalid_body', 'under_age "refuse" needs required and a minimum_age.');
  }
  return settings;
}

function toEntry({
  brand,
  topic,
  id,
  created_at,
  updated_at,
  ...row
}: Omit<EntryInForceRow, 'version' | 'texts'>): Entry {
  const settings = consentSettings.parse(pickSettings(row));
  return { id, brand, purpose: consentPurpose.parse(row.purpose), topic, ...settings, created_at, updated_at };
}

function toInForce(row: EntryInForceRow): EntryInForce[] {
  const { version, texts } = row;
  return version === null ? [] : [{ ...toEntry(row), version, texts: wordingTexts.parse(texts) }];
}

function pickSettings(row: Record<keyof ConsentSettings, unknown>): Record<keyof ConsentSettings, unknown> {
  const { required, at_sign_up, in_journey, double_opt_in, minimum_age, under_age, unknown_age, position } = row;
  return { required, at_sign_up, in_journey, double_opt_in, minimum_age, under_age, unknown_age, position };
}

function given(wishes: ConsentPatch): Partial<ConsentSettings> {
  return Object.fromEntries(Object.entries(wishes).filter(([, value]) => value !== undefined));
}

function noSuchBrand(error: unknown): never {
  if (isForeignKeyViolation(error)) throw new Problem('invalid_body', 'There is no such brand.');
  throw error;
}
