import { fileURLToPath } from 'node:url';
import { Liquid } from 'liquidjs';
import { readableOn } from '../../contract/contrast.ts';
import type { Language } from './languages.ts';

/** What stands in a mail of ours; values of people are one line each, and escaped where they are shown. */
export type Letter = {
  readonly language: Language;
  /** Whose mail it is, at its head. */
  readonly brand: string;
  readonly clothes: Clothes;
  readonly subject: string;
  readonly title: string | undefined;
  readonly lead: string | undefined;
  /** When, by what and from where it was done. */
  readonly circumstances?: string | undefined;
  readonly code?: string | undefined;
  readonly link?: string | undefined;
  /** On the button that leads to `link`. */
  readonly button?: string | undefined;
  readonly link_hint?: string | undefined;
  readonly valid?: string | undefined;
  readonly not_you?: string | undefined;
  readonly sent_by?: string | undefined;
  readonly links?: readonly { readonly name: string | undefined; readonly url: string | null }[];
};

/** Colours and the like; whatever is left out has its default. */
export type LetterLook = {
  readonly logo?: string | undefined;
  readonly corner?: string | undefined;
  readonly page?: string | undefined;
  readonly sheet?: string | undefined;
  readonly brand?: string | undefined;
  readonly on_brand?: string | undefined;
  readonly ink?: string | undefined;
  readonly soft?: string | undefined;
};

/** It, ready to be put into a mail. */
export type Clothes = ReturnType<typeof clothesOf>;

export type Composed = { subject: string; text: string; html: string };

const folder = fileURLToPath(new URL('./mails/', import.meta.url));
const options = { root: folder, extname: '.liquid', cache: true, ownPropertyOnly: true };
const htmlPages = new Liquid({ ...options, outputEscape: 'escape' });
const textPages = new Liquid(options);

/** Writes the mail twice: for programs that show HTML, and for those that do not. */
export function composeLetter({ clothes, ...letter }: Letter): Composed {
  const model = { ...letter, ...clothes };
  return {
    subject: letter.subject,
    text: textPages.renderFileSync('text', model),
    html: htmlPages.renderFileSync('html', model),
  };
}

/** Values come from people: no line of theirs can look like one of ours. */
export function oneLine(value: string): string {
  return value
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 2000);
}

/** For mail programs, which have no stylesheets; what could not be read is moved until it can. */
export function clothesOf(look: LetterLook) {
  const { page = '#f4f2ee', sheet = '#ffffff', brand = '#2f4b3c', ink = '#1c1d1a', soft = '#5b5d57' } = look;
  return {
    logo: look.logo,
    corner: look.corner ?? '10px',
    colours: {
      page,
      sheet,
      brand,
      ink: readableOn(sheet, ink, 7),
      ink_soft: readableOn(page, ink, 7),
      soft: readableOn(sheet, soft),
      foot: readableOn(page, soft),
      on_brand: readableOn(brand, look.on_brand ?? '#ffffff'),
    },
  };
}
