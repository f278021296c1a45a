/** A page of many choices has not so many; each is an address that this server signs and may ask for. */
const mostPassed = 100;

/**
 * A page with the addresses of its pictures, and that of its icon, led to where this server passes pictures on. What is
 * missed here is not loaded: the policy of the frame allows this server alone.
 *
 * @param passed the address that stands for one of another site
 */
export function passPictures(html: string, passed: (address: string) => string): string {
  let [out, from, count] = ['', 0, 0];
  for (const { start, end, text } of sourcesOf(html)) {
    const address = unescapeHtml(text);
    if (!/^https?:\/\//i.test(address) || !URL.canParse(address) || count === mostPassed) continue;
    count += 1;
    out += `${html.slice(from, start)}"${escapeHtml(passed(address))}"`;
    from = end;
  }
  return out + html.slice(from);
}

type Source = { readonly start: number; readonly end: number; readonly text: string };

/** Which attribute of which tag is a picture's address. Our own stylesheets are of this server, and stay. */
const sourceOf: Readonly<Record<string, string>> = { img: 'src', link: 'href' };

// One place after the other, each piece read once: a page that somebody sends may be made to take long.
const tagStart = /<!--|<([a-z][^\s/>]*)/gi;
const attribute = /[\s/]*(?:([^\s/>=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?|>)/y;

function* sourcesOf(html: string): Generator<Source> {
  tagStart.lastIndex = 0;
  for (let found = tagStart.exec(html); found; found = tagStart.exec(html)) {
    let at = tagStart.lastIndex;
    if (found[0] === '<!--') {
      const end = html.indexOf('-->', at);
      if (end < 0) return;
      tagStart.lastIndex = end;
      continue;
    }
    const source = sourceOf[found[1]?.toLowerCase() ?? ''];
    for (;;) {
      attribute.lastIndex = at;
      const read = attribute.exec(html);
      if (!read) return;
      at = attribute.lastIndex;
      const [, name, ...values] = read;
      if (name === undefined) break;
      const text = values.find((value) => value !== undefined);
      if (name.toLowerCase() === source && text !== undefined) {
        const quotes = values[2] === undefined ? 2 : 0;
        yield { start: at - text.length - quotes, end: at, text };
      }
    }
    tagStart.lastIndex = at;
  }
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The text of an attribute, as far as our pages write one (and their own editor's): five names, and numbers. */
function unescapeHtml(text: string): string {
  return text.replace(/&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([\da-f]{1,6}));/gi, (whole, name, decimal, hex) => {
    if (name !== undefined) return named[String(name).toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
