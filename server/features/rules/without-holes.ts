import { type Token, tokenizer } from 'acorn';

/**
 * The same code as people write it: where its types were, blanks stand, and it is set in by what was around it. Lines stay
 * what they are, and so does what stands in texts and comments.
 *
 * @param indent by how many blanks the lines are set in
 */
export function withoutHoles(code: string, indent: number): string {
  const edge = new RegExp(`\n {0,${indent}}`, 'g');
  let [clean, end] = ['', 0];
  for (const { label, start, stop } of tokensOf(code)) {
    clean += between(code.slice(end, start), label, edge) + code.slice(start, stop);
    end = stop;
  }
  return clean + code.slice(end);
}

type Piece = { readonly label: string; readonly start: number; readonly stop: number };

/** Tokens and comments in the order in which they stand. */
function tokensOf(code: string): readonly Piece[] {
  const pieces: Piece[] = [];
  const onComment = (_: boolean, __: string, start: number, stop: number) =>
    void pieces.push({ label: 'comment', start, stop });
  const tokens: Iterable<Token> = tokenizer(code, { ecmaVersion: 'latest', onComment });
  for (const { type, start, end } of tokens) pieces.push({ label: type.label, start, stop: end });
  return pieces.sort((a, b) => a.start - b.start);
}

const atItsLeft = new Set([')', ']', ',', ';', '.', '?.']);

function between(gap: string, next: string, edge: RegExp): string {
  if (gap.includes('\n')) return gap.replaceAll(/ +\n/g, '\n').replaceAll(edge, '\n');
  if (atItsLeft.has(next) || (next === '(' && gap.length > 1)) return '';
  return gap.length > 1 ? ' ' : gap;
}
