import type { Base } from '../../base/base.ts';
import { type Db, transact } from '../../base/db.ts';
import type { DataFile } from './data-file.ts';
import { type Point, readGazetteer } from './gazetteer-file.ts';
import { readIncomeFile } from './income-file.ts';
import { deleteAreas, insertAreas, lockAreas, readPoints, type StoredArea } from './income-store.ts';

/** What a load has come to. */
export type IncomeLoad = {
  /** Areas that are known now. */
  readonly areas: number;
  /** Areas of which the census gives no value. */
  readonly withoutValue: number;
  /** Areas that can be found by a position. */
  readonly placed: number;
};

const batch = 1000;

/**
 * Replaces the table of areas as a whole, in one transaction: until it is done the old one holds, and after an error it
 * goes on to hold.
 *
 * @param files `income`: the Census API's answer; `places`: the gazetteer; without it the points that are known stay
 *   with their areas
 * @param progress is told how many areas were read, now and then
 * @throws Problem `invalid_body` that names the file and the line
 */
export async function loadIncome(
  base: Pick<Base, 'db' | 'settings'>,
  files: { income: DataFile; places?: DataFile | undefined },
  progress: (areas: number) => void = () => undefined,
): Promise<IncomeLoad> {
  const told = files.places && (await readGazetteer(files.places));
  return transact(base.db, async (tx) => {
    await lockAreas(tx);
    const points = told ?? (await knownPoints(tx));
    await deleteAreas(tx);
    let [areas, withoutValue, placed] = [0, 0, 0];
    let waiting: StoredArea[] = [];
    const write = async () => {
      await insertAreas(tx, waiting);
      waiting = [];
      progress(areas);
    };
    for await (const { area } of readIncomeFile(files.income)) {
      if (!area) {
        withoutValue += 1;
        continue;
      }
      const point = points.get(area.code);
      waiting.push({ ...area, point });
      areas += 1;
      if (point) placed += 1;
      if (waiting.length === batch) await write();
    }
    await write();
    await base.settings.changed(tx);
    return { areas, withoutValue, placed };
  });
}

async function knownPoints(tx: Db): Promise<Map<string, Point>> {
  return new Map((await readPoints(tx)).map(({ code, ...point }) => [code, point]));
}
