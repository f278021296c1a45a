/** As much of a text as is needed to find a place in it. */
type Lines = {
  readonly lines: number;
  line(number: number): { readonly from: number; readonly to: number };
};

/** The place that a refusal names, `(line 3, column 7)`, as what is to be marked. */
export function faultIn(refusal: string, doc: Lines): { from: number; to: number } | undefined {
  const [, line, column = '1'] = /\(line (\d+)(?:, column (\d+))?\)/.exec(refusal) ?? [];
  if (line === undefined) return undefined;
  const { from, to } = doc.line(Math.min(Math.max(Number(line), 1), doc.lines));
  const at = Math.min(from + Number(column) - 1, to);
  // At least one character, so that there is something to see.
  return at < to ? { from: at, to: at + 1 } : { from: Math.max(from, to - 1), to };
}
