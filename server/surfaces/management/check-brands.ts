import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { getBrand } from '../../features/brands/brands.ts';

/** Are these ids of brands? Null (all) and left out are fine. Problem `invalid_body` naming the property. */
export async function checkBrands(db: Db, brands: readonly string[] | null | undefined): Promise<void> {
  for (const id of new Set(brands ?? [])) {
    if (await getBrand(db, id)) continue;
    throw new Problem('invalid_body', "Payload validation error: 'No such brand' on property brands.");
  }
}
