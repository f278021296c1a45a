import type { Base } from '../../base/base.ts';
import { cachedBrand } from '../../features/brands/brands.ts';
import { listAttributes } from '../../features/customers/customers.ts';
import type { Access } from '../../features/staff/staff.ts';
import type { Sight } from './sight.ts';

const nothing: ReadonlySet<string> = new Set();

/** What somebody with this access sees; what their brands are called comes from this process's memory. */
export async function sightOf(base: Pick<Base, 'db' | 'settings'>, access: Access): Promise<Sight> {
  const { brands } = access;
  if (brands === null) return { ...access, slugs: null, foreign: nothing };
  const own = await Promise.all([...brands].map((id) => cachedBrand(base, id)));
  const paths = await brandPaths(base);
  return {
    ...access,
    slugs: new Set(own.flatMap((brand) => (brand ? [brand.slug] : []))),
    foreign: new Set(paths.flatMap(({ path, brand }) => (brands.has(brand) ? [] : [path]))),
  };
}

/** The paths that the catalogue gives to a brand, from this process's memory. */
function brandPaths(base: Pick<Base, 'db' | 'settings'>): Promise<{ path: string; brand: string }[]> {
  return base.settings.remember('brand-paths', async () => {
    const all = await listAttributes(base.db);
    return all.flatMap(({ path, brand }) => (brand === null ? [] : [{ path, brand }]));
  });
}
