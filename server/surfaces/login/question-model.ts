import type { JsonObject } from '../../base/json.ts';
import type { Asking } from '../../features/questions/questions.ts';
import type { Form } from './form.ts';
import type { Consents } from './question-consents.ts';
import { fieldsOf, type Known } from './question-form.ts';
import { textIn } from './question-words.ts';
import type { Visit } from './visit.ts';

/**
 * What the page of a question shows.
 *
 * @param kept the sealed token by which the answer is kept should the flow be over
 */
export function questionModel(
  visit: Pick<Visit, 'brand' | 'language'>,
  shown: {
    readonly asking: Pick<Asking, 'variant' | 'fields'> & { readonly ask: Pick<Asking['ask'], 'id'> };
    readonly customer: Known;
    readonly consents: Consents;
    readonly kept: string;
    readonly form: Form | undefined;
    /** What fields begin with, by their keys. */
    readonly preset?: JsonObject | undefined;
  },
) {
  const { brand, language } = visit;
  const { asking, customer, consents, kept, form, preset } = shown;
  const { ask, variant, fields } = asking;
  const said = variant.brands[brand.slug];
  const wishes = [language, brand.default_language];
  return {
    act: 'question',
    ask: ask.id,
    kept,
    heading: textIn(said?.heading, wishes) ?? textIn(variant.heading, wishes),
    benefit: textIn(said?.benefit, wishes) ?? textIn(variant.benefit, wishes),
    fields: fieldsOf(fields, { visit, customer, consents, form, preset }),
    has_required: fields.some((field) => 'path' in field && field.required),
  };
}
