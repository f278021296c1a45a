import { fault } from './fault.ts';

// What mail programs show and what cannot do harm, wherever the mail is opened.
const elements = new Set(
  (
    'a abbr address b big blockquote body br caption center cite code col colgroup dd del div dl dt em font footer h1 h2 h3 ' +
    'h4 h5 h6 head header hr html i img ins li main meta ol p pre s section small span strong style sub sup table tbody ' +
    'td tfoot th thead title tr u ul'
  ).split(' '),
);
const attributes = new Set(
  (
    'align alt bgcolor border cellpadding cellspacing charset class color colspan content dir face height href hidden id ' +
    'lang name rel role rowspan size src style target title valign width xmlns'
  ).split(' '),
);
const wordy = /^(alt|title|aria-label)$/;
const coloured = /^(bgcolor|color)$/;
const places: Readonly<Record<string, readonly string[]>> = {
  href: ['link', 'support_url', 'privacy_url'],
  src: ['logo_url'],
};

/** An attribute as it is written; each `{{ }}` in its value is an entry of `shown`. */
export type Attribute = {
  readonly element: string;
  readonly name: string;
  /** With `mark` where a value is put in. */
  readonly value: string;
  readonly shown: readonly string[];
};

/** Throws unless the element may stand in a mail. */
export function checkElement(name: string): void {
  if (!elements.has(name)) throw fault('html', `<${name}> cannot be used in a mail`);
}

/** Throws unless the attribute may stand in a mail with this value. */
export function checkAttribute(attribute: Attribute, mark: string): void {
  const { element, name, value, shown } = attribute;
  if (!attributes.has(name) && !/^aria-[a-z]+$/.test(name)) {
    throw fault('html', `The attribute ${name} of <${element}> cannot be used in a mail`);
  }
  const ours = places[name];
  const mayShow = wordy.test(name) || (coloured.test(name) && shown.every(isLook));
  if (name === 'style') checkStyle(value, shown, mark);
  else if (ours) checkPlace(attribute, ours);
  else if (element === 'meta') checkMeta(attribute);
  else if (shown.length > 0 && !mayShow) {
    throw fault('html', `{{ ${shown[0]} }} cannot stand in the attribute ${name} of <${element}>`);
  }
}

/** Throws unless the CSS loads nothing and does nothing. */
export function checkCss(css: string): void {
  // Entities and escapes would hide a word from this look.
  const found =
    /[\\<&]|\b(?:url|src|image|image-set|cross-fade|element|expression)\s*\(|@(?:import|font-face|namespace|charset)|javascript:|behavior\s*:|-moz-binding/i.exec(
      css,
    );
  if (found) throw fault('html', `${found[0].trim()} cannot be used in a style: it could load or run something`);
}

function checkStyle(value: string, shown: readonly string[], mark: string): void {
  const other = shown.find((name) => !isLook(name));
  if (other !== undefined) throw fault('html', `{{ ${other} }} cannot stand in a style, only colours and corner can`);
  checkCss(value.replaceAll(mark, '#000000'));
}

/** An address is written out, or is one of ours and nothing else: so no value of a customer leads anywhere. */
function checkPlace({ element, name, value, shown }: Attribute, ours: readonly string[]): void {
  const fits = name === 'href' ? element === 'a' : element === 'img';
  if (!fits) throw fault('html', `The attribute ${name} cannot stand in <${element}>`);
  const [one, ...others] = shown;
  if (one !== undefined) {
    if (others.length === 0 && value.length === 1 && ours.includes(one)) return;
    throw fault('html', `${name} must be an address that is written out, or only one of ${named(ours)}`);
  }
  const good = name === 'href' ? /^(?:https?:\/\/|mailto:|tel:|#)/i : /^https:\/\//i;
  if (!good.test(value)) {
    const wanted = name === 'href' ? 'https://, mailto: or tel:' : 'https://';
    throw fault('html', `The address “${value.slice(0, 80)}” must begin with ${wanted}`);
  }
}

function checkMeta({ name, value, shown }: Attribute): void {
  const isGood = name === 'charset' || name === 'content' || (name === 'name' && /^[a-z-]+$/i.test(value));
  if (!isGood || shown.length > 0) throw fault('html', `<meta> can only have charset, or name and content`);
}

function isLook(name: string): boolean {
  return name === 'corner' || name.startsWith('colours.');
}

function named(names: readonly string[]): string {
  return names.map((name) => `{{ ${name} }}`).join(', ');
}
