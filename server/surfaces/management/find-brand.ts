import { z } from 'zod';
import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { brandBySlug, getBrand } from '../../features/brands/brands.ts';
import { type Sight, seesBrand } from './sight.ts';

/** The id of the brand that a body names by id or slug, if the caller may see it. Problem `invalid_body` if not. */
export async function findBrandId(db: Db, sight: Pick<Sight, 'brands'>, idOrSlug: string): Promise<string> {
  const isId = z.uuid().safeParse(idOrSlug).success;
  const brand = isId ? await getBrand(db, idOrSlug) : await brandBySlug(db, idOrSlug);
  if (!brand || !seesBrand(sight, brand.id))
    throw new Problem('invalid_body', `Payload validation error: 'No such brand' on property brand.`);
  return brand.id;
}
