import type { ConsoleLine } from './messages.ts';

/** A driver prints this before the lines of another script of its program: the place of the script. */
const mark = '\u0001';

/** A line, and the id of the script that printed it. */
export type OwnedLine = { readonly by: string; readonly level: ConsoleLine['level']; readonly line: string };

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
