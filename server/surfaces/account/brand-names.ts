import type { Base } from '../../base/base.ts';
import { listBrands } from '../../features/brands/brands.ts';

/** The names of the umbrella's brands, by their ids. */
export async function brandNames({ db }: Pick<Base, 'db'>): Promise<ReadonlyMap<string, string>> {
  const { brands } = await listBrands(db, { limit: 1000, offset: 0 });
  return new Map(brands.map(({ id, name }) => [id, name]));
}
