import { badLine, type DataFile, linesOf } from './data-file.ts';

/** A place on the ground, in degrees. */
export type Point = { readonly latitude: number; readonly longitude: number };

const mostAreas = 200_000;

/**
 * Reads the Census gazetteer of ZIP code tabulation areas: lines of columns divided by tabs or (since 2025) by `|`, the
 * first with their names, of which `GEOID`, `INTPTLAT` and `INTPTLONG` are read.
 *
 * @throws Problem `invalid_body` that names the line
 */
export async function readGazetteer(file: DataFile): Promise<Map<string, Point>> {
  const points = new Map<string, Point>();
  let columns: { divider: string; code: number; latitude: number; longitude: number } | undefined;
  let line = 0;
  for await (const text of linesOf(file)) {
    line += 1;
    if (text.trim() === '') continue;
    if (!columns) {
      columns = columnsOf(file, text.replace(/^\uFEFF/, ''));
      continue;
    }
    const cells = text.split(columns.divider).map((cell) => cell.trim());
    const code = cells[columns.code] ?? '';
    if (!/^\d{5}$/.test(code)) throw badLine(file, line, 'names no ZIP area of 5 digits');
    const latitude = degreesOf(file, cells[columns.latitude], 90, line);
    const longitude = degreesOf(file, cells[columns.longitude], 180, line);
    points.set(code, { latitude, longitude });
    if (points.size > mostAreas) throw badLine(file, line, 'is one area more than there can be');
  }
  if (points.size === 0) throw badLine(file, Math.max(line, 1), 'is the last one, and no area was told');
  return points;
}

function columnsOf(file: DataFile, header: string) {
  const divider = header.includes('|') ? '|' : '\t';
  const names = header.split(divider).map((name) => name.trim());
  const place = (name: string) => {
    const found = names.indexOf(name);
    if (found < 0) throw badLine(file, 1, `must name the columns, but "${name}" is not among them`);
    return found;
  };
  return { divider, code: place('GEOID'), latitude: place('INTPTLAT'), longitude: place('INTPTLONG') };
}

function degreesOf(file: DataFile, text: string | undefined, most: number, line: number): number {
  const degrees = text !== undefined && /^[+-]?\d{1,3}(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(Math.abs(degrees) <= most)) throw badLine(file, line, 'has no place in degrees');
  return degrees;
}
