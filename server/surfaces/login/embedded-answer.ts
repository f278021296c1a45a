import { consentAnswers, type EmbeddedAnswer } from '../../../contract/embedded-questions.ts';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import type { Answer } from '../../features/consents/consents.ts';
import { type Customer, valueAt } from '../../features/customers/customers.ts';
import {
  type AnswerFault,
  type Asking,
  askingOf,
  keepAnswer,
  type Outcome,
  putOff,
  readAnswers,
  takenBack,
} from '../../features/questions/questions.ts';
import { dressOf } from './brand-style.ts';
import { consentsOf, writeConsents } from './question-consents.ts';
import { pages } from './texts.ts';
import type { Coming } from './visit.ts';

/** Why a field's answer is refused: a name for programs and a sentence for customers. */
export type RefusedField = { readonly code: AnswerFault | 'not_asked'; readonly message: string };

/** How it ended; or which fields are refused and which are fine, and nothing was kept. */
export type Answered =
  | { readonly outcome: Outcome }
  | { readonly refused: Readonly<Record<string, RefusedField>>; readonly fine: readonly string[] };

/**
 * Keeps the answer to what a portal asked in its own page. Sent again, it is told how it ended the first time.
 *
 * @throws Problem `not_found`: nothing that this customer was asked there; `consent_changed`; `invalid_body` where a
 *   required question is put off
 */
export async function answerEmbedded(
  base: Base,
  coming: Coming,
  customer: Customer,
  { id, given }: { readonly id: string; readonly given: EmbeddedAnswer },
): Promise<Answered> {
  const asking = await askingOf(base.db, customer.id, id);
  const isHere = asking?.ask.place === 'embedded' && asking.ask.portal === coming.portal.client_id;
  if (!asking || !isHere) throw new Problem('not_found', 'There is no such question');
  if (asking.ask.outcome) return { outcome: asking.ask.outcome };
  if ('outcome' in given) {
    if (asking.fields.some((field) => 'path' in field && field.required)) {
      throw new Problem('invalid_body', 'This question is required: it cannot be put off.');
    }
    const isFirst = await putOff(base.db, customer.id, id, given.outcome, coming.at);
    return isFirst ? { outcome: given.outcome } : outcomeOf(base, customer, id);
  }
  return answer(base, coming, customer, { asking, answers: given.answers });
}

type Answers = Extract<EmbeddedAnswer, { answers: unknown }>['answers'];

async function answer(
  base: Base,
  coming: Coming,
  customer: Customer,
  { asking, answers }: { asking: Asking; answers: Answers },
): Promise<Answered> {
  const { fields, ask } = asking;
  const country = base.geo.detailsOf(coming.ip)?.country;
  const { said, faults } = readAnswers(fields, withTakenBack(fields, answers, customer), country);
  const unasked = Object.keys(answers).filter((key) => !fields.some((field) => field.key === key));
  const allowed: Answer[] = [];
  const unread: string[] = [];
  for (const field of fields) {
    if ('path' in field || !Object.hasOwn(answers, field.key)) continue;
    const read = consentAnswers.safeParse(answers[field.key]);
    if (read.success) allowed.push(...read.data);
    else unread.push(field.key);
  }
  const refused = new Map<string, RefusedField['code']>([
    ...faults,
    ...unread.map((key) => [key, 'not_offered'] as const),
    ...unasked.map((key) => [key, 'not_asked'] as const),
  ]);
  if (refused.size > 0) {
    const fine = fields.map(({ key }) => key).filter((key) => Object.hasOwn(answers, key) && !refused.has(key));
    return { refused: inWords(refused, coming), fine };
  }
  const consents = await consentsOf(base, coming.brand.id, { fields, customer });
  const outcome = await keepAnswer(base.db, asking, {
    customer: customer.id,
    era: customer.era,
    subject: ask.subject,
    said,
    consents: (tx) =>
      writeConsents({ ...base, db: tx }, coming, { customer, subject: ask.subject, consents, answers: allowed }),
    at: coming.at,
  });
  return outcome ? { outcome } : outcomeOf(base, customer, ask.id);
}

/** Null takes back what was shown as known: "is this right?", and it is not. */
function withTakenBack(fields: Asking['fields'], answers: Answers, customer: Customer): Answers {
  const emptied = fields.filter((field) => {
    const isNull = Object.hasOwn(answers, field.key) && answers[field.key] === null;
    return isNull && 'path' in field && field.confirm_below !== null && valueAt(customer, field.path) !== undefined;
  });
  return { ...answers, ...Object.fromEntries(emptied.map(({ key }) => [key, { ...takenBack }])) };
}

/** Another request was first. */
async function outcomeOf({ db }: Base, customer: Customer, id: string): Promise<Answered> {
  const asking = await askingOf(db, customer.id, id);
  if (!asking?.ask.outcome) throw new Problem('not_found', 'There is no such question');
  return { outcome: asking.ask.outcome };
}

function inWords(refused: ReadonlyMap<string, RefusedField['code']>, { brand, language }: Coming) {
  const dress = dressOf(brand);
  return Object.fromEntries(
    [...refused].map(([key, code]) => {
      const message = pages.say(`question.fault.${code}`, language, dress, { brand: brand.name });
      return [key, { code, message }];
    }),
  );
}
