// Just enough HTML reading for our own pages in tests: forms, links and what a reader sees.

export type Form = {
  readonly action: string;
  readonly method: string;
  /** Inputs with the values they have now. */
  readonly fields: Readonly<Record<string, string>>;
  /** The same as they are sent: a name may come several times. */
  readonly pairs: readonly (readonly [name: string, value: string])[];
  readonly buttons: readonly { name: string; value: string; text: string }[];
};

/** Every form of a page with its inputs and buttons. */
export function formsOf(html: string): Form[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, attributes = '', body = '']) => {
    const form = attributesOf(attributes);
    const inputs = [...body.matchAll(/<input\b([^>]*)>/gi)].map((match) => attributesOf(match[1] ?? ''));
    const checked = inputs.filter((input) => !isBox(input.get('type')) || input.has('checked'));
    const named = checked.filter((input) => input.get('name') && input.get('type') !== 'submit');
    const pairs = named.map((input): [string, string] => [input.get('name') ?? '', input.get('value') ?? '']);
    return {
      action: form.get('action') ?? '',
      method: (form.get('method') ?? 'get').toLowerCase(),
      fields: Object.fromEntries(pairs),
      pairs,
      buttons: [...body.matchAll(/<button\b([^>]*)>([\s\S]*?)<\/button>/gi)].map(([, given = '', inner = '']) => {
        const button = attributesOf(given);
        return { name: button.get('name') ?? '', value: button.get('value') ?? '', text: textOf(inner) };
      }),
    };
  });
}

/** Every link of a page. */
export function linksOf(html: string): { href: string; text: string }[] {
  return [...html.matchAll(/<a\b([^>]*)>([\s\S]*?)<\/a>/gi)].map(([, attributes = '', inner = '']) => ({
    href: attributesOf(attributes).get('href') ?? '',
    text: textOf(inner),
  }));
}

/** Text without head and tags, spaces folded. */
export function textOf(html: string): string {
  const bare = html
    .replace(/<head>[\s\S]*?<\/head>/gi, ' ')
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]+>/g, ' ');
  return unescapeHtml(bare).replace(/\s+/g, ' ').trim();
}

function isBox(type: string | undefined): boolean {
  return type === 'checkbox' || type === 'radio';
}

function attributesOf(text: string): Map<string, string> {
  const found = text.matchAll(/([a-z][\w-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/gi);
  return new Map(
    [...found].map(([, name = '', a, b, c]): [string, string] => [name.toLowerCase(), unescapeHtml(a ?? b ?? c ?? '')]),
  );
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** Text of an attribute or between tags. */
export function unescapeHtml(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (name.startsWith('#x')) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
    return entities[name] ?? whole;
  });
}
