import type { EmbeddedQuestion } from '../../../contract/embedded-questions.ts';
import type { Base } from '../../base/base.ts';
import { languages } from '../../base/languages.ts';
import { type Customer, findById } from '../../features/customers/customers.ts';
import { type Asking, askAt, askingOf } from '../../features/questions/questions.ts';
import { consentsOf } from './question-consents.ts';
import { askEmbedded } from './question-due.ts';
import { fieldsOf, type ShownField } from './question-form.ts';
import { textIn } from './question-words.ts';
import { type SignInAt, signInAt } from './records.ts';
import type { Coming } from './visit.ts';

/**
 * What a portal shall ask its customer in a page of its own now; undefined: nothing. At most one thing for each sign-in,
 * whether it was asked on our page or there, and as long as it is not answered always the same.
 */
export async function embeddedQuestion(
  base: Base,
  coming: Coming,
  customer: Customer,
): Promise<EmbeddedQuestion | undefined> {
  const signIn = await signInAt(base.db, customer.id, coming.portal.client_id);
  if (!signIn) return undefined;
  const known = await openHere(base, customer, signIn);
  if (known !== 'none') return known && show(base, coming, customer, known);
  const who = { customer, connection: signIn.connection, number: customer.logins_count };
  await askEmbedded(base, coming, who, signIn);
  // Of two requests at once one has written it, and both show that.
  const asked = await openHere(base, customer, signIn);
  return asked && asked !== 'none' ? show(base, coming, customer, asked) : undefined;
}

/** What was asked at this sign-in: an asking that waits for its answer here, nothing yet, or undefined: it is over. */
async function openHere(
  { db }: Base,
  customer: Customer,
  { subject, id }: SignInAt,
): Promise<Asking | 'none' | undefined> {
  const asked = await askAt(db, subject, id);
  if (!asked) return 'none';
  const asking = asked.isOpen ? await askingOf(db, customer.id, asked.id) : undefined;
  return asking?.ask.place === 'embedded' ? asking : undefined;
}

async function show(
  base: Base,
  coming: Coming,
  { id }: Customer,
  { ask, variant, fields }: Asking,
): Promise<EmbeddedQuestion | undefined> {
  const customer = await findById(base.db, id);
  if (!customer) return undefined;
  const { brand, language } = coming;
  const wishes = [language, brand.default_language];
  const said = variant.brands[brand.slug];
  const consents = await consentsOf(base, brand.id, { fields, customer });
  return {
    id: ask.id,
    question: ask.question,
    language,
    heading: textIn(said?.heading, wishes) ?? textIn(variant.heading, wishes),
    benefit: textIn(said?.benefit, wishes) ?? textIn(variant.benefit, wishes),
    fields: fieldsOf(fields, { visit: coming, customer, consents, form: undefined }).map(toData),
  };
}

function toData(field: ShownField): EmbeddedQuestion['fields'][number] {
  const { key, kind: type, label, hint, required, isRight, value, options, several, none, ends, boxes } = field;
  return {
    key,
    type,
    label,
    hint,
    required,
    ...(isRight && { known: several ? options.filter(({ chosen }) => chosen).map((one) => one.value) : value }),
    ...(options.length > 0 && {
      choices: options.map((one) => ({ value: one.value, label: one.label, picture: one.picture })),
      several,
    }),
    ...(none !== undefined && { not_for_me: true }),
    ...(ends && { ends }),
    ...(boxes.length > 0 && { consents: boxes.flatMap(toConsent) }),
  };
}

function toConsent({ id, shown, label, details, link }: ShownField['boxes'][number]) {
  const [tag, ...rest] = shown.split('.');
  const language = languages.find((one) => one === tag);
  return language ? [{ consent: id, version: rest.join('.'), language, label, details, link }] : [];
}
