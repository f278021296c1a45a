/** A list as a field shows it: one a line. */
export function toLines(list: readonly string[]): string {
  return list.join('\n');
}

/** And back: without empty lines and spaces around. */
export function fromLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
