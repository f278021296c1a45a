import type { FastifyReply } from 'fastify';
import { Problem } from '../../base/errors.ts';
import { countMail } from '../../features/accounts/accounts.ts';
import { allow, cachedEntries, currentConsents, textOf, withdraw } from '../../features/consents/consents.ts';
import { type Customer, findByUserId } from '../../features/customers/customers.ts';
import {
  type AnswerFault,
  type Asking,
  askAt,
  askingOf,
  keepAnswer,
  openEntries,
  putOff,
  readAnswers,
} from '../../features/questions/questions.ts';
import { goOn, goTo, leave } from './advance.ts';
import { postConfirmation } from './answering.ts';
import { answersIn } from './consent-form.ts';
import type { FlowPage } from './flow-page.ts';
import type { Done } from './flow-state.ts';
import type { Form } from './form.ts';
import { type Again, type PageVisit, showPage } from './page-visit.ts';
import { type Consents, fieldsOf, givenIn, sentencesOf } from './question-form.ts';
import { textIn } from './question-words.ts';

/** What a customer is asked once they are signed in. However it ends, the sign-in goes on to the portal. */
export const questionPage: FlowPage = {
  step: 'question',
  afterwards: true,
  async show(at, again) {
    const open = await openAsking(at);
    if (open) return showQuestion(at, open, again);
    return at.state.done ? leave(at, at.state.done) : goTo(at, 'login?stay');
  },
  acts: {
    async question(at, form) {
      const open = await demandAsking(at, form);
      const { asking, customer, done } = open;
      const country = at.base.geo.detailsOf(at.visit.ip)?.country;
      const { said, faults } = readAnswers(asking.fields, givenIn(form, asking.fields), country);
      if (faults.size > 0) {
        const explained = { text: at.say('question.look'), status: 400, headers: {} };
        return showQuestion(at, open, { explained, form }, faults);
      }
      const consents = await consentsOf(at, asking.fields, customer);
      await keepAnswer(at.base.db, asking, {
        customer: customer.id,
        subject: done.subject,
        said,
        consents: (tx) => writeConsents({ ...at, base: { ...at.base, db: tx } }, done, customer, { consents, form }),
        at: at.visit.at,
      });
      return goOn(at, done);
    },
    async 'question-later'(at, form) {
      const { asking, customer, done } = await demandAsking(at, form);
      refuseRequired(asking);
      await putOff(at.base.db, customer.id, asking.ask.id, 'not_now', at.visit.at);
      return goOn(at, done);
    },
    async 'question-never'(at, form) {
      const { asking, customer, done } = await demandAsking(at, form);
      refuseRequired(asking);
      await putOff(at.base.db, customer.id, asking.ask.id, 'never', at.visit.at);
      return goOn(at, done);
    },
  },
};

type Open = { readonly asking: Asking; readonly customer: Customer; readonly done: Done };

/** @param faults why answers were refused, by the key of the field; the others are kept for correction */
async function showQuestion(
  at: PageVisit,
  { asking: { ask, variant, fields }, customer }: Open,
  again?: Again,
  faults: ReadonlyMap<string, AnswerFault> = new Map(),
): Promise<FastifyReply> {
  const { brand, language } = at.visit;
  const consents = await consentsOf(at, fields, customer);
  const said = variant.brands[brand.slug];
  const wishes = [language, brand.default_language];
  const model = {
    ask: ask.id,
    heading: textIn(said?.heading, wishes) ?? textIn(variant.heading, wishes),
    benefit: textIn(said?.benefit, wishes) ?? textIn(variant.benefit, wishes),
    fields: fieldsOf(fields, { visit: at.visit, customer, consents, form: again?.form }),
    has_required: fields.some((field) => 'path' in field && field.required),
    ...(faults.size > 0 && { errors: sentencesOf(faults, at.say) }),
  };
  return showPage(at, 'question', model, again);
}

/** What is asked at this sign-in and has not ended. */
async function openAsking({ base, state }: PageVisit): Promise<Open | undefined> {
  const { done } = state;
  const customer = done && (await findByUserId(base.db, done.customer));
  if (!customer || customer.blocked) return undefined;
  const asked = await askAt(base.db, done.subject, done.signIn);
  const asking = asked?.isOpen ? await askingOf(base.db, customer.id, asked.id) : undefined;
  return asking && { asking, customer, done };
}

/**
 * The same for a form, which names what it answers. Another tab may have been first: then its answer holds and this one
 * goes on.
 *
 * @throws Problem `flow_expired` when it is not asked here
 */
async function demandAsking(at: PageVisit, form: Form): Promise<Open> {
  const { base, state } = at;
  const { done } = state;
  const customer = done && (await findByUserId(base.db, done.customer));
  if (!done || !customer) throw new Problem('flow_expired');
  if (customer.blocked) throw new Problem('user_blocked');
  const asked = await askAt(base.db, done.subject, done.signIn);
  const asking = asked && asked.id === form.ask ? await askingOf(base.db, customer.id, asked.id) : undefined;
  if (!asking) throw new Problem('flow_expired');
  return { asking, customer, done };
}

function refuseRequired({ fields }: Asking): void {
  if (fields.some((field) => 'path' in field && field.required)) throw new Problem('invalid_body');
}

/** The consents that the fields ask for and to which nothing was said yet, by the key of the field. */
async function consentsOf({ base, visit }: PageVisit, fields: Asking['fields'], customer: Customer): Promise<Consents> {
  const asking = fields.flatMap((field) => ('path' in field ? [] : [field]));
  if (asking.length === 0) return new Map();
  const [entries, said] = await Promise.all([
    cachedEntries(base, visit.brand.id),
    currentConsents(base.db, customer.id),
  ]);
  return new Map(asking.map((field) => [field.key, openEntries(field, entries, said)]));
}

/** Writes what was ticked, and what was not, as consents. @returns the keys of the fields that were answered */
async function writeConsents(
  { base, visit }: PageVisit,
  { subject }: Done,
  customer: Customer,
  { consents, form }: { consents: Consents; form: Form },
): Promise<string[]> {
  const { brand, portal, ip, at } = visit;
  const telling = { customer: customer.id, subject, source: 'question', portal: portal.client_id, ip, at } as const;
  const answered = new Set<string>();
  for (const { consent, version, language, given } of answersIn(form)) {
    const [key, entries = []] = [...consents].find(([, all]) => all.some(({ id }) => id === consent)) ?? [];
    const entry = entries.find(({ id }) => id === consent);
    if (key === undefined || !entry || entry.version !== version) throw new Problem('consent_changed');
    if (given) {
      if (entry.double_opt_in && customer.email) await countMail(base, customer.email, ip);
      const post = postConfirmation(base, visit);
      await allow(base, { ...telling, post }, { consent, version, language, brand });
    } else {
      const words = textOf(entry.texts[language] ?? { label: '' });
      const wording = words.replaceAll('{brand}', brand.name);
      await withdraw(base, telling, entry, { version, wording, language });
    }
    answered.add(key);
  }
  return [...answered];
}
