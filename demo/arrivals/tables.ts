// What the demo's server knows of places and incomes: made of the demo's own list, in the formats that operators load.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Base } from '../../server/base/base.ts';
import { loadIncome } from '../../server/features/enrichment/enrichment.ts';
import { arrivals } from './arrivals.ts';
import { writeMmdb } from './mmdb.ts';

/** Writes the file of places of IP addresses; `remove` deletes it again. */
export async function writePlaces(): Promise<{ path: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'regulars-demo-'));
  const path = join(folder, 'places.mmdb');
  await writeMmdb(path, Object.fromEntries(arrivals.map((arrival) => [arrival.network, arrival])));
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Loads invented incomes of the areas, as `regulars data income` loads those of the census. */
export async function loadInventedIncomes(base: Base): Promise<void> {
  await loadIncome(base, {
    income: { name: 'incomes.json', chunks: chunksOf(incomeTable()) },
    places: { name: 'areas.txt', chunks: chunksOf(gazetteer()) },
  });
}

/** As the Census API answers. */
function incomeTable(): string {
  const header = ['NAME', 'B19013_001E', 'zip code tabulation area'];
  const rows = arrivals.flatMap(({ zip }) => (zip ? [[`ZCTA5 ${zip.code}`, String(zip.income), zip.code]] : []));
  return `[${[header, ...rows].map((row) => JSON.stringify(row)).join(',\n')}]`;
}

/** As the census describes areas. */
function gazetteer(): string {
  const rows = arrivals.flatMap(({ zip, latitude, longitude }) => (zip ? [[zip.code, latitude, longitude]] : []));
  return [['GEOID', 'INTPTLAT', 'INTPTLONG'], ...rows].map((row) => row.join('\t')).join('\n');
}

async function* chunksOf(text: string): AsyncGenerator<string> {
  yield text;
}
