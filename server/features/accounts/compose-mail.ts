import { readFileSync } from 'node:fs';
import type { Language, Texts } from '../../base/languages.ts';
import { type Clothes, type Composed, clothesOf, composeLetter, oneLine } from '../../base/letter.ts';
import type { Brand } from '../brands/brands.ts';
import { type Circumstances, type MailContent, valuesOf } from './mail-content.ts';

const folder = new URL('./mails/', import.meta.url);
const texts: Texts = { en: readTexts('en'), de: readTexts('de'), es: readTexts('es'), fr: readTexts('fr') };

/**
 * Writes one mail in the brand's clothes. A brand replaces a sentence of ours by a text `mail.<kind>.<part>`; values
 * are put in after the sentence was chosen, and escaped where they are shown.
 *
 * @param circumstances of what it tells, if the customer's own browser did it
 * @param clothes those of the brand, unless told otherwise
 */
export function composeMail(
  brand: Brand,
  language: Language,
  content: MailContent,
  circumstances?: Circumstances | undefined,
  clothes: Clothes = mailClothes(brand),
): Composed {
  const values: Record<string, string> = { ...circumstances, ...valuesOf(content), brand: brand.name };
  const say = (key: string): string | undefined => {
    const sentence = brand.texts[language]?.[`mail.${key}`] ?? texts[language][key];
    return sentence?.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
  };
  const part = (name: string) => say(`${content.kind}.${name}`);
  return composeLetter({
    clothes,
    language,
    brand: brand.name,
    subject: part('subject') ?? '',
    title: part('title'),
    lead: part('lead'),
    circumstances: circumstances && say('common.circumstances'),
    button: part('button'),
    valid: part('valid'),
    not_you: part('not_you'),
    code: values.code,
    link: values.link,
    link_hint: say('common.link_hint'),
    sent_by: say('common.sent_by'),
    links: [
      { name: say('common.support'), url: brand.support_url },
      { name: say('common.privacy'), url: brand.privacy_url },
    ].filter((place) => place.url),
  });
}

/** What a phone shows or, digit by digit, says. @returns also what of it is secret */
export function composeText(
  brand: Brand,
  language: Language,
  channel: 'sms' | 'voice',
  code: string,
): { body: string; secrets: string[] } {
  const spoken = channel === 'voice' ? code.split('').join(', ') : code;
  const key = `text.${channel}`;
  const values: Record<string, string> = { brand: oneLine(brand.name), code: spoken };
  const sentence = brand.texts[language]?.[key] ?? texts[language][key] ?? '';
  return { body: sentence.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? ''), secrets: [spoken] };
}

/** How mails of this brand look. */
export function mailClothes({ theme, logo_url }: Brand): Clothes {
  return clothesOf({
    logo: logo_url?.startsWith('https:') ? logo_url : undefined,
    corner: { square: '2px', soft: '10px', round: '22px' }[theme.corners ?? 'soft'],
    page: theme.background,
    sheet: theme.surface,
    brand: theme.primary,
    on_brand: theme.on_primary,
    ink: theme.text,
    soft: theme.muted,
  });
}

function readTexts(language: Language): Record<string, string> {
  const parsed: unknown = JSON.parse(readFileSync(new URL(`${language}.json`, folder), 'utf8'));
  const entries = Object.entries(parsed ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(entries);
}
