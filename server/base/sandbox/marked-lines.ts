import type { ConsoleLine } from './messages.ts';

/** Stands before the lines of another script of a program, with its place. No script prints a line that begins so. */
const mark = '\u0001';

/** A line, and the id of the script that printed it. */
export type OwnedLine = { readonly by: string; readonly level: ConsoleLine['level']; readonly line: string };

/** What a script failed with; `line` of the script, from 1 on, where its stack tells one. */
export type ScriptError = { readonly name: string; readonly message: string; readonly line?: number | undefined };

type Ran = { readonly id: string; readonly error?: ScriptError | undefined };

/** What scripts failed with, told among what they print. Whoever refuses somebody does what it is for. */
export function failureLines(runs: readonly Ran[]): OwnedLine[] {
  return runs.flatMap(({ id, error }) => {
    if (!error || error.name === 'UnauthorizedError') return [];
    const where = error.line === undefined ? '' : ` in line ${error.line}`;
    return [{ by: id, level: 'error', line: `It failed${where} (${error.name}): ${error.message}` }];
  });
}

/** Which script printed which line; what stands before the first mark is of the one at `from`. */
export function linesByScript(
  printed: readonly ConsoleLine[],
  scripts: readonly { readonly id: string }[],
  from: number,
): OwnedLine[] {
  let place = from;
  return printed.flatMap(({ level, text }) => {
    const isMark = text.startsWith(mark);
    if (isMark) place = Number(text.slice(mark.length));
    const by = scripts[place]?.id;
    return isMark || by === undefined ? [] : [{ by, level, line: text }];
  });
}
