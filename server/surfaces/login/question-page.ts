import type { FastifyReply } from 'fastify';
import { Problem } from '../../base/errors.ts';
import { type Customer, findByUserId } from '../../features/customers/customers.ts';
import {
  type AnswerFault,
  type Asking,
  askAt,
  askingOf,
  keepAnswer,
  putOff,
  readAnswers,
} from '../../features/questions/questions.ts';
import { goOn, goTo, leave } from './advance.ts';
import { rememberDevice } from './browser-cookies.ts';
import { answersIn } from './consent-form.ts';
import type { FlowPage } from './flow-page.ts';
import type { Done } from './flow-state.ts';
import type { Form } from './form.ts';
import { type Again, type PageVisit, showPage } from './page-visit.ts';
import { consentsOf, writeConsents } from './question-consents.ts';
import { givenIn, sentencesOf } from './question-form.ts';
import { isStillIn, keepLate, sealAsk } from './question-kept.ts';
import { questionModel } from './question-model.ts';

/** What a customer is asked once they are signed in. However it ends, the sign-in goes on to the portal. */
export const questionPage: FlowPage = {
  step: 'question',
  afterwards: true,
  late: keepLate,
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
      const consents = await consentsOf(at.base, at.visit.brand.id, { fields: asking.fields, customer });
      await keepAnswer(at.base.db, asking, {
        customer: customer.id,
        era: done.era,
        subject: done.subject,
        said,
        consents: (tx) =>
          writeConsents({ ...at.base, db: tx }, at.visit, {
            customer,
            subject: done.subject,
            consents,
            answers: answersIn(form),
          }),
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
  { asking, customer }: Open,
  again?: Again,
  faults: ReadonlyMap<string, AnswerFault> = new Map(),
): Promise<FastifyReply> {
  const { base, visit, device, reply } = at;
  const consents = await consentsOf(base, visit.brand.id, { fields: asking.fields, customer });
  // The form is this browser's alone, also when its flow is over.
  rememberDevice(base.config, reply, device);
  const { portal, at: now } = visit;
  const kept = sealAsk(base, device, {
    ask: asking.ask.id,
    customer: customer.user_id,
    era: customer.era,
    portal: portal.client_id,
    at: now,
  });
  const model = {
    ...questionModel(visit, { asking, customer, consents, kept, form: again?.form }),
    ...(faults.size > 0 && { errors: sentencesOf(faults, at.say) }),
  };
  return showPage(at, 'question', model, again);
}

/** What is asked at this sign-in and has not ended. */
async function openAsking({ base, state }: PageVisit): Promise<Open | undefined> {
  const { done } = state;
  const customer = done && (await findByUserId(base.db, done.customer));
  if (!customer || customer.blocked || !isStillIn(customer, done.era)) return undefined;
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
  if (!done || !customer || !isStillIn(customer, done.era)) throw new Problem('flow_expired');
  if (customer.blocked) throw new Problem('user_blocked');
  const asked = await askAt(base.db, done.subject, done.signIn);
  const asking = asked && asked.id === form.ask ? await askingOf(base.db, customer.id, asked.id) : undefined;
  if (!asking) throw new Problem('flow_expired');
  return { asking, customer, done };
}

function refuseRequired({ fields }: Asking): void {
  if (fields.some((field) => 'path' in field && field.required)) throw new Problem('invalid_body');
}
