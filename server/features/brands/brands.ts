import type { BrandDraft, BrandPatch, BrandTexts, BrandTheme, Language } from '../../../contract/brands.ts';
import { brandSlug, brandTexts, brandTheme, language } from '../../../contract/brands.ts';
import { type MfaPolicy, mfaPolicy } from '../../../contract/second-factors.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, isForeignKeyViolation, isUniqueViolation, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';
import {
  type BrandRow,
  countBrands,
  deleteBrand,
  insertBrand,
  lockBrand,
  readBrand,
  readBrands,
  updateBrandRow,
} from './store.ts';

/** A name customers know: theme, texts, mail sender; it has portals. */
export type Brand = {
  id: string;
  /** In addresses and fact paths (`brands.<slug>.x`); never changes. */
  slug: string;
  name: string;
  theme: BrandTheme;
  texts: BrandTexts;
  logo_url: string | null;
  website: string | null;
  /** Sender of its mails, `Name <a@b>` or `a@b`; null: the server's. */
  mail_from: string | null;
  mail_reply_to: string | null;
  privacy_url: string | null;
  terms_url: string | null;
  support_url: string | null;
  default_language: Language;
  mfa: MfaPolicy | null;
  created_at: Date;
  updated_at: Date;
};

/** What brands need of the base. */
type Ground = Pick<Base, 'db' | 'settings'>;

/**
 * Makes a brand.
 *
 * @throws Problem `already_exists` when the slug is taken
 */
export async function createBrand(base: Ground, draft: BrandDraft): Promise<Brand> {
  return transact(base.db, async (tx) => {
    const row = await insertBrand(tx, uuid(), draft, now()).catch((error: unknown) => {
      if (isUniqueViolation(error)) throw new Problem('already_exists', `There is a brand ${draft.slug} already.`);
      throw error;
    });
    await base.settings.changed(tx);
    return toBrand(row);
  });
}

/** The brand with this id, from the database. */
export async function getBrand(db: Db, id: string): Promise<Brand | undefined> {
  const row = await readBrand(db, { id });
  return row && toBrand(row);
}

/** The brand with this slug, from the database; none for what cannot be a slug. */
export async function brandBySlug(db: Db, slug: string): Promise<Brand | undefined> {
  if (!brandSlug.safeParse(slug).success) return undefined;
  const row = await readBrand(db, { slug });
  return row && toBrand(row);
}

/** The brand with this id, from this process's memory; at most 2 s old. */
export function cachedBrand(base: Ground, id: string): Promise<Brand | undefined> {
  return base.settings.remember(`brand:${id}`, () => getBrand(base.db, id));
}

/** Brands, the oldest first, with how many there are in all; `only` those with these ids, null: all. */
export async function listBrands(
  db: Db,
  page: { limit: number; offset: number },
  only: ReadonlySet<string> | null = null,
): Promise<{ brands: Brand[]; total: number }> {
  const [rows, total] = await Promise.all([readBrands(db, page.limit, page.offset, only), countBrands(db, only)]);
  return { brands: rows.map(toBrand), total };
}

/** The brand of portals that name none: the oldest; where there is none yet, a plain one is made. */
export async function defaultBrand(base: Ground): Promise<Brand> {
  const [oldest] = await readBrands(base.db, 1, 0);
  if (oldest) return toBrand(oldest);
  try {
    return await createBrand(base, { slug: 'main', name: 'My brand' });
  } catch (error) {
    // Someone else made it at the same moment.
    const made = await brandBySlug(base.db, 'main');
    if (made) return made;
    throw error;
  }
}

/**
 * Changes what the patch names; `theme` and `texts` are replaced as a whole. `check` sees the brand as it is before, and
 * may throw.
 *
 * @throws Problem `not_found`
 */
export async function updateBrand(
  base: Ground,
  id: string,
  patch: BrandPatch,
  check: (brand: Brand) => void = () => undefined,
): Promise<Brand> {
  return transact(base.db, async (tx) => {
    const known = await lockBrand(tx, id);
    if (!known) throw new Problem('not_found', 'The brand does not exist.');
    check(toBrand(known));
    const row = await updateBrandRow(tx, id, patch, now());
    await base.settings.changed(tx);
    return toBrand(row);
  });
}

/**
 * Removes a brand that has no portals.
 *
 * @throws Problem `not_found`; `conflict` while portals belong to it
 */
export async function removeBrand(base: Ground, id: string): Promise<void> {
  await transact(base.db, async (tx) => {
    const removed = await deleteBrand(tx, id).catch((error: unknown) => {
      if (isForeignKeyViolation(error))
        throw new Problem('conflict', 'This brand still has portals or stores. Remove them first.');
      throw error;
    });
    if (!removed) throw new Problem('not_found', 'The brand does not exist.');
    await base.settings.changed(tx);
  });
}

function toBrand(row: BrandRow): Brand {
  return {
    ...row,
    theme: brandTheme.parse(row.theme),
    texts: brandTexts.parse(row.texts),
    default_language: language.parse(row.default_language),
    mfa: mfaPolicy.nullable().parse(row.mfa),
  };
}
