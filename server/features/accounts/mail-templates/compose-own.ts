import { isProblem } from '../../../base/errors.ts';
import type { Language } from '../../../base/languages.ts';
import { type Clothes, type Composed, oneLine } from '../../../base/letter.ts';
import type { Brand } from '../../brands/brands.ts';
import { composeMail, mailClothes } from '../compose-mail.ts';
import { type Circumstances, contentOf, type MailContent, type MailKind, valuesOf } from '../mail-content.ts';
import { type TemplateDraft, wordsOf } from './check-template.ts';
import { mustShow, values } from './kinds.ts';
import { htmlLiquid, textLiquid } from './liquid.ts';

/** Fills in a template. @throws Problem, LiquidError */
export function fillIn(template: TemplateDraft, brand: Brand, language: Language, content: MailContent): Composed {
  const { logo, corner, colours } = mailClothes(brand);
  const model = {
    ...valuesOf(content),
    brand: oneLine(brand.name),
    language,
    logo_url: logo ?? '',
    support_url: brand.support_url ?? '',
    privacy_url: brand.privacy_url ?? '',
    corner,
    colours,
  };
  return {
    subject: oneLine(textLiquid.parseAndRenderSync(template.subject, model)),
    text: textLiquid.parseAndRenderSync(template.text, model),
    html: htmlLiquid.parseAndRenderSync(template.html, model),
  };
}

/**
 * Writes a mail by the umbrella's own template. Should that fail, or lose the code or link for this customer, it is
 * written in our words: a customer never waits for a mail because of a template.
 *
 * @returns also why ours was taken
 */
export function composeOwn(
  template: TemplateDraft,
  brand: Brand,
  language: Language,
  content: MailContent,
  circumstances?: Circumstances | undefined,
): Composed & { templateError?: string } {
  const ours = () => composeMail(brand, language, content, circumstances);
  try {
    const mail = fillIn(template, brand, language, content);
    const told = valuesOf(content);
    const lost = mustShow(content.kind).find((name) => {
      const value = told[name] ?? '';
      return !mail.text.includes(value) || !mail.html.includes(escaped(value));
    });
    if (lost) return { ...ours(), templateError: `The template did not show the ${lost}.` };
    if (mail.subject === '') return { ...ours(), templateError: 'The subject of the template was empty.' };
    return mail;
  } catch (error) {
    return { ...ours(), templateError: isProblem(error) ? error.message : wordsOf(error) };
  }
}

/** Our own mail written as a template, to begin from. */
export function startingTemplate(brand: Brand, language: Language, kind: MailKind): TemplateDraft {
  const placeholder = (name: string) => `{{ ${name} }}`;
  const { colours } = mailClothes(brand);
  const clothes: Clothes = {
    logo: mailClothes(brand).logo && placeholder('logo_url'),
    corner: placeholder('corner'),
    colours: { ...colours },
  };
  for (const name of Object.keys(clothes.colours)) Reflect.set(clothes.colours, name, placeholder(`colours.${name}`));
  const dressed: Brand = {
    ...brand,
    name: placeholder('brand'),
    support_url: brand.support_url && placeholder('support_url'),
    privacy_url: brand.privacy_url && placeholder('privacy_url'),
  };
  return composeMail(dressed, language, contentOf(kind, placeholder), undefined, clothes);
}

/** A mail as a customer could get it, to look at. @param url of this server */
export function sampleContent(kind: MailKind, url: string): MailContent {
  return contentOf(kind, (name) => `${name === 'link' ? url : ''}${values[name].sample}`);
}

function escaped(value: string): string {
  return htmlLiquid.parseAndRenderSync('{{ value }}', { value });
}
