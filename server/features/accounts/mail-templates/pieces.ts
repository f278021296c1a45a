import { Tokenizer, TokenKind } from 'liquidjs';

/** A piece of a template as Liquid cuts it. An output's `text` is what stands between its braces. */
export type Piece = { readonly is: 'words' | 'output' | 'tag'; readonly text: string };

/** The pieces of a template, in order; together with the braces they are all of it. */
export function piecesOf(source: string): Piece[] {
  return new Tokenizer(source).readTopLevelTokens().map((token) => {
    const text = token.input.slice(token.begin, token.end);
    if (token.kind === TokenKind.Output) return { is: 'output', text: withoutBraces(text) };
    return { is: token.kind === TokenKind.Tag ? 'tag' : 'words', text };
  });
}

/** What each `{{ }}` of it says. */
export function outputsOf(source: string): string[] {
  return piecesOf(source).flatMap(({ is, text }) => (is === 'output' ? [text] : []));
}

function withoutBraces(written: string): string {
  return written
    .replace(/^\{\{-?/, '')
    .replace(/-?\}\}$/, '')
    .trim();
}
