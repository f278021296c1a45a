// Stacks in what is printed: of the code itself and of packages, as in Node, and not of what stands around them here.

// ` {` and the like of what is printed may follow.
const ours = /^ *at (?:.* \()?(?:regulars:|node:(?:world|names|library\/))[\w./-]*:\d+:\d+\)?(.*)$/;
const nowhere = /^ *(?:at .*(?:<anonymous>|native|index \d+)\)?|\.{3} \d+ lines matching cause stack trace \.{3})(.*)$/;

/**
 * The text without the lines of stacks that are of files of ours, and without those of no file, as `new Promise
 * (<anonymous>)`, that stand above one of these.
 */
export function withoutOurFrames(text: string): string {
  if (!text.includes('    at ')) return text;
  const kept: string[] = [];
  let isBelowOurs = false;
  let rest = '';
  for (const line of text.split('\n').reverse()) {
    const found: RegExpExecArray | null = ours.exec(line) ?? (isBelowOurs ? nowhere.exec(line) : null);
    isBelowOurs = found !== null;
    if (found) rest = `${found[1]}${rest}`;
    else {
      kept.push(`${line}${rest}`);
      rest = '';
    }
  }
  return kept.reverse().join('\n');
}
