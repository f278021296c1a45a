import { z } from 'zod';
import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { brandBySlug, getBrand } from '../../features/brands/brands.ts';

/** The id of the brand that a body names by id or slug. Problem `invalid_body` naming the property. */
export async function findBrandId(db: Db, idOrSlug: string): Promise<string> {
  const isId = z.uuid().safeParse(idOrSlug).success;
  const brand = isId ? await getBrand(db, idOrSlug) : await brandBySlug(db, idOrSlug);
  if (!brand) throw new Problem('invalid_body', `Payload validation error: 'No such brand' on property brand.`);
  return brand.id;
}
