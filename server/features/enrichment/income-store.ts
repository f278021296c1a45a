import { sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { Point } from './gazetteer-file.ts';
import type { AreaIncome } from './income-file.ts';

/** An area with a point inside of it, if one is known. */
export type StoredArea = AreaIncome & { readonly point: Point | undefined };

type Row = {
  code: string;
  median_income: number;
  bound: AreaIncome['bound'];
  latitude: number | null;
  longitude: number | null;
};

/** Nobody else loads areas until the transaction ends; who reads them goes on. */
export async function lockAreas(tx: Db): Promise<void> {
  await sql`lock table income_areas in share row exclusive mode`.execute(tx);
}

export async function deleteAreas(tx: Db): Promise<void> {
  await sql`delete from income_areas`.execute(tx);
}

export async function insertAreas(tx: Db, areas: readonly StoredArea[]): Promise<void> {
  const column = <T>(read: (area: StoredArea) => T) => areas.map(read);
  await sql`
    insert into income_areas (code, median_income, bound, latitude, longitude)
    select * from unnest(
      ${column(({ code }) => code)}::text[], ${column((area) => area.median_income)}::integer[],
      ${column(({ bound }) => bound)}::text[], ${column(({ point }) => point?.latitude ?? null)}::double precision[],
      ${column(({ point }) => point?.longitude ?? null)}::double precision[])`.execute(tx);
}

export async function readArea(db: Db, code: string): Promise<AreaIncome | undefined> {
  const found = await sql<Row>`
    select code, median_income, bound from income_areas where code = ${code}`.execute(db);
  return found.rows[0];
}

/** Every area of which a point is known. */
export async function readPoints(db: Db): Promise<(Point & { code: string })[]> {
  const found = await sql<Point & { code: string }>`
    select code, latitude, longitude from income_areas where latitude is not null order by code`.execute(db);
  return found.rows;
}
