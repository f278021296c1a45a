import { Problem } from '../../base/errors.ts';

/** A text file that an operator loads, piece by piece. */
export type DataFile = {
  /** As the operator calls it. */
  readonly name: string;
  readonly chunks: AsyncIterable<string>;
};

const mostOfLine = 100_000;

/** The expected error of a line that cannot be used. */
export function badLine({ name }: Pick<DataFile, 'name'>, line: number, why: string): Problem {
  return new Problem('invalid_body', `${name}, line ${line}, ${why}.`, { line });
}

/** Its lines, without their ends. @throws Problem `invalid_body` for one that is too long to be one */
export async function* linesOf(file: DataFile): AsyncGenerator<string> {
  let rest = '';
  let count = 0;
  for await (const chunk of file.chunks) {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() ?? '';
    count += lines.length;
    yield* lines;
    if (rest.length > mostOfLine) throw badLine(file, count + 1, 'is longer than a line can be');
  }
  if (rest !== '') yield rest;
}
