import { z } from 'zod';
import { askedQuestion, questionContent } from '../../../contract/questions.ts';
import type { Json } from '../../base/json.ts';
import { type Customer, type Explained, explain, valueAt } from '../../features/customers/customers.ts';
import {
  type Asking,
  type ConsentSaid,
  consentsSaid,
  readAskedVersions,
  readAsks,
  toAsking,
} from '../../features/questions/questions.ts';
import { demandScope } from './caller.ts';
import { findUser } from './find-user.ts';
import { idParams } from './id-params.ts';
import { pageOf, pageQuery } from './paging.ts';
import { seesContent } from './question-sight.ts';
import { noBody, type Route, route } from './route.ts';
import { seesBrand } from './sight.ts';

/** What a user was asked, and what they said. */
export const userQuestionRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/users/{id}/questions',
      summary: 'List what a user (customer) was asked and said, the newest first',
      may: ['read:questions'],
      params: idParams,
      query: z.strictObject({ page: pageQuery.page, per_page: pageQuery.per_page }),
      body: noBody,
      status: 200,
      reply: z.array(askedQuestion),
    },
    async (api, { params, query, ...from }) => {
      const { caller } = from;
      const { db } = api.base;
      demandScope(caller, 'read:users');
      const customer = await findUser(api, from, params.id);
      const { id } = customer;
      const { brands } = caller.access;
      // That somebody was asked tells what the condition looks at.
      const without = (await readAskedVersions(db, id)).filter(({ content }) => {
        const read = questionContent.safeParse(content);
        return !read.success || !seesContent(caller, read.data);
      });
      const rows = await readAsks(db, id, { ...pageOf(query), brands: brands && [...brands], without });
      const askings = rows.flatMap((row) => toAsking(row) ?? []);
      const [consents, all] = await Promise.all([consentsSaid(db, id, askings), explain(db, id)]);
      const facts = all.filter(({ source }) => source === 'asked');
      return askings.map((one) => {
        const own = (consents.get(one.ask.id) ?? []).filter(({ brand }) => seesBrand(caller.access, brand));
        return show(one, { customer, facts, consents: own });
      });
    },
  ),
];

type Held = {
  readonly customer: Customer;
  readonly facts: readonly Explained[];
  readonly consents: readonly ConsentSaid[];
};
type Shown = z.infer<typeof askedQuestion>;

function show(asking: Asking, held: Held): Shown {
  const { id, question, name, variant, place, fields, answered, brand, portal, sign_in_number, ...row } = asking.ask;
  return {
    id,
    question,
    name,
    variant,
    place,
    fields,
    answered,
    heading: asking.variant.heading,
    said: asking.fields.map((field) => ({
      key: field.key,
      labels: 'labels' in field ? field.labels : {},
      path: 'path' in field ? field.path : null,
      ...answerTo(field, asking, held),
    })),
    consents: held.consents.map(({ wording, language, given }) => ({ wording, language, given })),
    brand,
    portal,
    sign_in_number,
    shown_at: row.shown_at.toISOString(),
    outcome: row.outcome,
    ended_at: row.ended_at?.toISOString() ?? null,
  };
}

/** What was said to one field then; what the customer has taken back since is not told. */
function answerTo(
  field: Asking['fields'][number],
  { ask }: Asking,
  { customer, facts }: Held,
): { answer: Shown['said'][number]['answer']; value: Json } {
  if (!ask.answered.includes(field.key)) return { answer: null, value: null };
  if (!('path' in field)) return { answer: 'consent', value: null };
  const own = facts.filter(({ path, origin, subject, at }) => {
    return (
      path === field.path &&
      origin === ask.question &&
      subject === ask.subject &&
      at.getTime() === ask.ended_at?.getTime()
    );
  });
  if (own.some(({ kind }) => kind === 'excluded')) return { answer: 'not_for_me', value: null };
  const said = own.find(({ kind }) => kind === 'said');
  if (!said || valueAt(customer, field.path) === undefined) return { answer: 'taken_back', value: null };
  return { answer: 'value', value: said.value };
}
