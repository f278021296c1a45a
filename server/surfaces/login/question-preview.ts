import type { Language } from '../../../contract/brands.ts';
import type { QuestionField, QuestionVariant } from '../../../contract/questions.ts';
import type { Base } from '../../base/base.ts';
import type { Brand } from '../../features/brands/brands.ts';
import { cachedEntries } from '../../features/consents/consents.ts';
import { openEntries } from '../../features/questions/questions.ts';
import { dressOf } from './brand-style.ts';
import type { Consents } from './question-consents.ts';
import type { Known } from './question-form.ts';
import { questionModel } from './question-model.ts';
import { pages } from './texts.ts';

/** A customer of whom nothing is known: every field is asked. */
const stranger = { attributes: {}, user_metadata: {}, app_metadata: {}, brand_values: {} };

/**
 * The page of a question that is not saved, as this brand's customers would see it, as HTML. It belongs to no flow: its
 * forms lead nowhere.
 *
 * @param to the customer who would see it, and what of it; somebody of whom nothing is known, when left out
 */
export async function previewQuestion(
  base: Base,
  {
    variant,
    brand,
    language,
    to,
  }: {
    readonly variant: QuestionVariant;
    readonly brand: Brand;
    readonly language: Language;
    readonly to?: { customer: Known; fields: readonly QuestionField[]; consents: Consents } | undefined;
  },
): Promise<string> {
  const { customer, fields, consents } = to ?? (await toStranger(base, variant, brand));
  const asking = { ask: { id: '' }, variant, fields };
  const model = questionModel({ brand, language }, { asking, customer, consents, kept: '', form: undefined });
  return pages.render('question', model, { dress: dressOf(brand), language });
}

async function toStranger(base: Base, { fields }: QuestionVariant, brand: Brand) {
  const entries = await cachedEntries(base, brand.id);
  const consents: Consents = new Map(
    fields.flatMap((field) => ('path' in field ? [] : [[field.key, openEntries(field, entries, [])] as const])),
  );
  return { customer: stranger, fields, consents };
}
