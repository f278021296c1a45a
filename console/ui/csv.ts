/** A column of a table that is taken along: its heading, and what stands in it. */
export type Column<Row> = {
  readonly name: string;
  readonly of: (row: Row) => string | number | boolean | null | undefined;
};

/**
 * Rows as CSV (RFC 4180, with the mark by which spreadsheets know UTF-8). What a spreadsheet would run as a formula is
 * shown to it as text.
 */
export function toCsv<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  return csvHead(columns) + csvLines(columns, rows);
}

/** The beginning of the file: the mark, and the headings. */
export function csvHead<Row>(columns: readonly Column<Row>[]): string {
  return `\ufeff${toLine(columns.map(({ name }) => name))}`;
}

/** What follows, for a file that is made part by part. */
export function csvLines<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  return rows.map((row) => toLine(columns.map(({ of }) => of(row)))).join('');
}

function toLine(cells: readonly (string | number | boolean | null | undefined)[]): string {
  return `${cells.map(toCell).join(',')}\r\n`;
}

function toCell(value: string | number | boolean | null | undefined): string {
  const text = defuse(value === null || value === undefined ? '' : String(value));
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** With an apostrophe before what a spreadsheet takes for the beginning of a formula (OWASP's list). */
export function defuse(text: string): string {
  return /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text;
}
