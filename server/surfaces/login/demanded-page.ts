import type { FastifyReply } from 'fastify';
import { sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { Json } from '../../base/json.ts';
import { type Customer, findById } from '../../features/customers/customers.ts';
import { type AnswerFault, type Asking, askingOf, readAnswers } from '../../features/questions/questions.ts';
import { advance, goTo, joinTwin } from './advance.ts';
import { answersIn } from './consent-form.ts';
import { answersForCode, isInForce } from './demanded-answer.ts';
import type { FlowPage } from './flow-page.ts';
import { type DemandedAsk, demanded } from './flow-state.ts';
import type { Form } from './form.ts';
import { type Again, openPage, type PageVisit, showPage } from './page-visit.ts';
import type { Demanded } from './proven.ts';
import { consentsOf } from './question-consents.ts';
import { givenIn, sentencesOf } from './question-form.ts';
import { questionModel } from './question-model.ts';
import { type Demand, openDemand, promptOf, demandedPage as step } from './rules/demand-question.ts';

// Of a customer who may still have to pass a second factor: nothing that is known of them is shown.
const stranger = { attributes: {}, user_metadata: {}, app_metadata: {}, brand_values: {} };

/** What an action asks before it goes on. Answered, left out or put off: then it does. */
export const demandedPage: FlowPage = {
  step,
  async show(at, again) {
    const open = await openAsking(at);
    return open ? showAsking(at, open, again) : leadOn(at);
  },
  acts: {
    async ask(at, form) {
      const open = await openAsking(at, form);
      if (!open) return leadOn(at);
      const { asking, customer } = open;
      const country = at.base.geo.detailsOf(at.visit.ip)?.country;
      const { said, faults } = readAnswers(asking.fields, givenIn(form, asking.fields), country);
      if (faults.size > 0) {
        const explained = { text: at.say('question.look'), status: 400, headers: {} };
        return showAsking(at, open, { explained, form }, faults);
      }
      const consents = await consentsOf(at.base, at.visit.brand.id, { fields: asking.fields, customer });
      const given = answersIn(form).filter((one) => isInForce(one, consents));
      const byKey = Object.fromEntries([...said].map(([{ key }, answer]) => [key, answer]));
      const answers = answersForCode(asking, byKey, consents, given);
      return goOnWith(at, open, { ask: asking.ask.id, said: byKey, consents: given }, answers);
    },
    async 'ask-later'(at, form) {
      const open = await openAsking(at, form);
      if (!open) return leadOn(at);
      const isRequired = open.asking.fields.some((field) => 'path' in field && field.required);
      return isRequired ? showAsking(at, open) : goOnWith(at, open, { ask: open.asking.ask.id });
    },
  },
};

type Open = {
  readonly asked: DemandedAsk;
  readonly demand: Demand;
  readonly asking: Asking;
  readonly customer: Customer;
};

/** @param form names what it answers, and something else may be asked by now */
async function openAsking({ base, state }: PageVisit, form?: Form): Promise<Open | undefined> {
  const { demanded: asked } = state;
  if (!asked || (form && form.ask !== asked.ask)) return undefined;
  const demand = openDemand(base, asked);
  const { found } = demand.held;
  const customer = found.kind === 'new' ? undefined : await findById(base.db, found.customer);
  const asking = customer && (await askingOf(base.db, customer.id, asked.ask));
  return asking && { asked, demand, asking, customer };
}

async function showAsking(
  at: PageVisit,
  { demand, asking, customer }: Open,
  again?: Again,
  faults: ReadonlyMap<string, AnswerFault> = new Map(),
): Promise<FastifyReply> {
  const { base, visit } = at;
  const consents = await consentsOf(base, visit.brand.id, { fields: asking.fields, customer });
  const model = {
    ...questionModel(visit, {
      asking,
      customer: stranger,
      consents,
      kept: '',
      form: again?.form,
      preset: demand.rendered.fields,
    }),
    act: step,
    ...(faults.size > 0 && { errors: sentencesOf(faults, at.say) }),
  };
  return showPage(at, 'question', model, again);
}

/** The action goes on, once: of two forms the first one counts. */
async function goOnWith(
  at: PageVisit,
  { asked, demand, asking }: Open,
  demandedNow: Demanded,
  answers: Record<string, Json> = {},
): Promise<FastifyReply> {
  const { base, request, reply, flow } = at;
  if (!(await takeDemanded(base.db, flow.id, asked.nonce))) return (await joinTwin(at)) ? reply : goTo(at, step);
  const back = await openPage(base, request, reply, flow.id);
  const keys = asking.fields.map(({ key }) => key);
  const resume = { ...demand.resume, prompt: promptOf(demand.rendered, answers, keys) };
  return advance(back, { by: 'held', held: demand.held, resume, demanded: demandedNow });
}

/** Takes it out of the flow's row; false: it was not there (any more). */
async function takeDemanded(db: Db, flowId: string, nonce: string): Promise<boolean> {
  const { rows } = await sql<{ demanded: Json }>`
    update flows f set state = f.state - 'demanded'
    from (select state -> 'demanded' as demanded from flows where id = ${flowId} for update) as old
    where f.id = ${flowId} and old.demanded ->> 'nonce' = ${nonce} and not f.state ? 'done'
    returning old.demanded`.execute(db);
  return demanded.safeParse(rows[0]?.demanded).success;
}

/** It was answered before, in another tab or by going back: on to where the sign-in is by now. */
async function leadOn(at: PageVisit): Promise<FastifyReply> {
  const { state } = at;
  if (state.demanded) return goTo(at, step);
  if (state.held) return goTo(at, 'factor');
  if (state.away) return goTo(at, 'away');
  return (await joinTwin(at)) ? at.reply : goTo(at, 'login?stay');
}
