import { fault } from './fault.ts';
import { checkAttribute, checkCss, checkElement } from './html-rules.ts';
import { outputsOf, piecesOf } from './pieces.ts';

// In place of Liquid while the HTML around it is read: characters that no template holds.
const output = '\uE000';
const tag = '\uE001';

/** Where the values of a template are shown. */
export type Shown = { readonly inText: readonly string[]; readonly inLinks: readonly string[] };

/**
 * Reads the HTML of a template as strictly as no browser does: what could be understood in two ways is refused. `{{ }}`
 * stands in text or in a quoted attribute that may hold it, `{% %}` only between elements, so whichever of its branches
 * are taken, what is put out stands where it was seen here. What remains is safe because all output is escaped.
 *
 * @throws Problem `invalid_body` on property `html`
 */
export function readHtml(source: string): Shown {
  const { flat, outputs } = flatten(source);
  const shown = { inText: [] as string[], inLinks: [] as string[] };
  let place = 0;
  let next = 0;

  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = place;
    const found = pattern.exec(flat) ?? undefined;
    if (found) place = pattern.lastIndex;
    return found;
  };
  /** The outputs that this piece of the source holds, in order. */
  const within = (piece: string): string[] => {
    const count = piece.split(output).length - 1;
    next += count;
    return outputs.slice(next - count, next);
  };
  const near = () => flat.slice(place, place + 40).replace(/[\uE000\uE001]/g, '…');

  while (place < flat.length) {
    const text = take(/[^<]+/y);
    if (text) shown.inText.push(...within(text[0]));
    else if (take(/<!--(?!-?>)(?:(?!--|[\uE000\uE001])[\s\S])*-->/y)) continue;
    else if (take(/<!doctype html[^<>\uE000\uE001]*>/iy)) continue;
    else readTag();
  }
  return shown;

  function readTag(): void {
    const end = take(/<\/([a-z][a-z0-9]*)\s*>/iy);
    if (end) checkElement(end[1]?.toLowerCase() ?? '');
    else readStart();
  }

  function readStart(): void {
    const start = take(/<([a-z][a-z0-9]*)(?=[\s/>])/iy);
    if (!start) throw fault('html', `This cannot be read: “${near()}” Write &lt; for a < that begins no element`);
    const element = start[1]?.toLowerCase() ?? '';
    checkElement(element);
    while (!take(/\s*\/?>/y)) readAttribute(element);
    if (element === 'title') readTitle();
    if (element !== 'style') return;
    const css = take(/([^<\uE000\uE001]*)<\/style\s*>/iy);
    if (!css) throw fault('html', '<style> cannot hold Liquid or <, and needs its end');
    checkCss(css[1] ?? '');
  }

  /** What looks like an element in a title is none to a browser: it would end the title in the midst of an attribute. */
  function readTitle(): void {
    const words = take(/([^<\uE001]*)<\/title\s*>/iy);
    if (!words) throw fault('html', '<title> holds words and {{ }} alone, and needs its end');
    within(words[1] ?? '');
  }

  function readAttribute(element: string): void {
    const found = take(/\s+([a-z][a-z0-9-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`\uE000\uE001]+)))?/iy);
    if (!found) {
      throw fault(
        'html',
        `This cannot be read within <${element}>: “${near()}” Values stand in quotes, Liquid in values`,
      );
    }
    const name = found[1]?.toLowerCase() ?? '';
    const value = found[2] ?? found[3] ?? found[4] ?? '';
    if (value.includes(tag)) throw fault('html', '{% %} cannot stand within an element: put it around the element');
    const names = within(value);
    checkAttribute({ element, name, value, shown: names }, output);
    if (name === 'href') shown.inLinks.push(...names);
  }
}

/** The source with one character for each piece of Liquid, and what the outputs among them say. */
function flatten(source: string): { flat: string; outputs: string[] } {
  if (/[\uE000-\uF8FF\0]/.test(source)) throw fault('html', 'It holds characters that mean nothing (private use)');
  const flat = piecesOf(source).map(({ is, text }) => ({ words: text, output, tag })[is]);
  return { flat: flat.join(''), outputs: outputsOf(source) };
}
