import { badLine, type DataFile } from './data-file.ts';
import { readJsonRows } from './json-rows.ts';

/** The median household income of a ZIP area, in US dollars a year. */
export type AreaIncome = {
  /** ZIP code tabulation area, 5 digits. */
  readonly code: string;
  readonly median_income: number;
  /** The census tells no more than that; null: it is the median itself. */
  readonly bound: 'or_less' | 'or_more' | null;
};

/** A row of the file: an area; undefined where the census gives no value for it. */
export type IncomeRow = { readonly line: number; readonly area: AreaIncome | undefined };

const incomeColumn = 'B19013_001E';
const areaColumn = 'zip code tabulation area';
// What the census writes for medians beyond the ends of its scale.
const ends: Readonly<Record<number, Pick<AreaIncome, 'median_income' | 'bound'>>> = {
  2499: { median_income: 2_500, bound: 'or_less' },
  250001: { median_income: 250_000, bound: 'or_more' },
};

/**
 * Reads what the Census API answers to
 * `get=NAME,B19013_001E&for=zip code tabulation area:*`: a JSON array of rows, the first with the names of the columns,
 * in any order and with others among them. Values are texts or numbers; null and negative ones mean that there is none.
 *
 * @throws Problem `invalid_body` that names the line
 */
export async function* readIncomeFile(file: DataFile): AsyncGenerator<IncomeRow> {
  let columns: { income: number; area: number; count: number } | undefined;
  const seen = new Set<string>();
  for await (const { line, cells } of readJsonRows(file)) {
    if (!columns) {
      columns = { income: cells.indexOf(incomeColumn), area: cells.indexOf(areaColumn), count: cells.length };
      const missing = columns.income < 0 ? incomeColumn : columns.area < 0 ? areaColumn : undefined;
      if (missing !== undefined) throw badLine(file, line, `must name the columns, but "${missing}" is not among them`);
      continue;
    }
    if (cells.length !== columns.count)
      throw badLine(file, line, `has ${cells.length} values instead of ${columns.count}`);
    const code = cells[columns.area];
    if (typeof code !== 'string' || !/^\d{5}$/.test(code)) throw badLine(file, line, 'names no ZIP area of 5 digits');
    if (seen.has(code)) throw badLine(file, line, `tells of the area ${code} a second time`);
    seen.add(code);
    yield { line, area: toArea(file, code, cells[columns.income], line) };
  }
  if (seen.size === 0) throw badLine(file, 1, 'is followed by no area');
}

function toArea(file: DataFile, code: string, told: unknown, line: number): AreaIncome | undefined {
  if (told === null) return undefined;
  const income = typeof told === 'string' && /^-?\d{1,10}$/.test(told) ? Number(told) : told;
  if (typeof income !== 'number' || !Number.isInteger(income) || income > 2_000_000_000) {
    throw badLine(file, line, 'has an income that is no whole number of dollars');
  }
  if (income < 0) return undefined;
  return { code, ...(ends[income] ?? { median_income: income, bound: null }) };
}
