import { around } from 'geokdbush';
import KDBush from 'kdbush';
import type { Base } from '../../base/base.ts';
import type { Point } from './gazetteer-file.ts';
import type { AreaIncome } from './income-file.ts';
import { readArea, readPoints } from './income-store.ts';

/** Where somebody is, as far as it is known. */
export type Where = {
  /** ISO 3166-1. */
  readonly country?: string | undefined;
  readonly postal_code?: string | undefined;
  readonly latitude?: number | undefined;
  readonly longitude?: number | undefined;
};

/** What is known of the income of an area, and how the area was found. */
export type FoundIncome = AreaIncome & { readonly by: 'postal_code' | 'position' };

// Who is farther from every area's middle is not in any of them.
const mostKilometres = 40;
// The census tells of Puerto Rico, too, which has a country code of its own.
const countries = new Set(['US', 'PR']);

/**
 * The median household income where somebody is: of the area of the postal code, or else of the area whose middle is
 * nearest. It says something of the area, and nothing of who is there.
 */
export async function areaIncome(
  base: Pick<Base, 'db' | 'settings'>,
  { country, postal_code, latitude, longitude }: Where,
): Promise<FoundIncome | undefined> {
  if (country !== undefined && !countries.has(country)) return undefined;
  const code = /^(\d{5})(-\d{4})?$/.exec(postal_code ?? '')?.[1];
  const area = code === undefined ? undefined : await readArea(base.db, code);
  if (area) return { ...area, by: 'postal_code' };
  if (latitude === undefined || longitude === undefined) return undefined;
  const nearest = (await readMap(base)).nearest({ latitude, longitude });
  const found = nearest === undefined ? undefined : await readArea(base.db, nearest);
  return found && { ...found, by: 'position' };
}

type AreaMap = { nearest(point: Point): string | undefined };

/** Read once after each change of settings; some milliseconds for the whole country. */
function readMap({ db, settings }: Pick<Base, 'db' | 'settings'>): Promise<AreaMap> {
  return settings.remember('income_points', async () => toMap(await readPoints(db)));
}

function toMap(points: readonly (Point & { code: string })[]): AreaMap {
  if (points.length === 0) return { nearest: () => undefined }; // the index takes no empty list
  const index = new KDBush(points.length);
  for (const { latitude, longitude } of points) index.add(longitude, latitude);
  index.finish();
  return {
    nearest({ latitude, longitude }) {
      const [found = -1] = around(index, longitude, latitude, 1, mostKilometres);
      return points[found]?.code;
    },
  };
}
