import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { getBrand } from '../../features/brands/brands.ts';

/**
 * Are these ids of brands? Null (all) and left out are fine. Problem `invalid_body` naming the property.
 *
 * @param known what stands there already: a brand among them may have been removed since, and is no hindrance
 */
export async function checkBrands(
  db: Db,
  brands: readonly string[] | null | undefined,
  known: readonly string[] | null = null,
): Promise<void> {
  for (const id of new Set(brands ?? [])) {
    if (known?.includes(id) || (await getBrand(db, id))) continue;
    throw new Problem('invalid_body', "Payload validation error: 'No such brand' on property brands.");
  }
}
