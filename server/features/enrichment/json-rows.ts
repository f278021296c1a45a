import { badLine, type DataFile } from './data-file.ts';

/** One row of a table, and the line on which it begins. */
export type JsonRow = { readonly line: number; readonly cells: readonly unknown[] };

const mostOfRow = 100_000;

/**
 * Reads a JSON array of arrays row by row, so that a file of any size takes the memory of one row.
 *
 * @throws Problem `invalid_body` that names the line
 */
export async function* readJsonRows(file: DataFile): AsyncGenerator<JsonRow> {
  let [line, began, depth, isText, isEscaped, isDone, row] = [1, 1, 0, false, false, false, ''];
  for await (const chunk of file.chunks) {
    for (const sign of chunk) {
      if (sign === '\n') line += 1;
      if (depth === 2) {
        row += sign;
        if (row.length > mostOfRow) throw badLine(file, began, 'is longer than a row can be');
        if (isEscaped) isEscaped = false;
        else if (isText && sign === '\\') isEscaped = true;
        else if (sign === '"') isText = !isText;
        else if (!isText && sign === '[') throw badLine(file, line, 'has a list inside of a row');
        else if (!isText && sign === ']') {
          depth = 1;
          yield { line: began, cells: parseRow(file, row, began) };
        }
        continue;
      }
      if (/[\s\uFEFF]/.test(sign) || (depth === 1 && sign === ',')) continue;
      if (sign === '[' && !isDone) {
        depth += 1;
        [began, row] = [line, sign];
      } else if (sign === ']' && depth === 1) {
        [depth, isDone] = [0, true];
      } else throw badLine(file, line, 'is no row of a JSON array of arrays');
    }
  }
  if (!isDone) throw badLine(file, line, 'is the last one, but the array does not end there');
}

function parseRow(file: DataFile, text: string, line: number): unknown[] {
  try {
    const cells: unknown = JSON.parse(text);
    if (Array.isArray(cells)) return cells;
  } catch {
    // said below
  }
  throw badLine(file, line, 'is no JSON');
}
