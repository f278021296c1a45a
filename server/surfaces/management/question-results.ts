import { z } from 'zod';
import { questionAudience, questionBriefs, questionKnown, questionResults } from '../../../contract/questions.ts';
import { now } from '../../base/clock.ts';
import { Problem } from '../../base/errors.ts';
import { countCustomersWhere, identitiesOfMany, someCustomers } from '../../features/customers/customers.ts';
import {
  attributeShares,
  audienceOf,
  getQuestion,
  pathsIn,
  readBriefs,
  resultsOf,
  toLive,
  unreadable,
} from '../../features/questions/questions.ts';
import { audienceGround } from './audience-ground.ts';
import { demandScope } from './caller.ts';
import { findBrandId } from './find-brand.ts';
import { mayRead } from './may-read.ts';
import { flag } from './paging.ts';
import { refuseHiddenContent } from './question-sight.ts';
import { noBody, nothing, type Route, route } from './route.ts';
import { seesBrand } from './sight.ts';
import { showUser } from './user-shape.ts';

const params = z.strictObject({ id: z.uuid() });
const examples = 10;
const month = 30 * 86_400_000;
const longest = 400 * 86_400_000;

/** What came of a question, and whom it would find. */
export const questionResultRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/questions/results',
      summary: 'Tell how often each question was asked and answered in the last 30 days',
      may: ['read:questions'],
      params: nothing,
      query: nothing,
      body: noBody,
      status: 200,
      reply: questionBriefs,
    },
    async ({ base: { db } }, { caller: { access } }) => {
      const until = now();
      const from = new Date(until.getTime() - month);
      return readBriefs(db, { from, until, brands: access.brands && [...access.brands] });
    },
  ),
  route(
    {
      method: 'GET',
      path: '/questions/{id}/results',
      summary: 'Tell what came of a question, of the last 30 days unless said otherwise',
      may: ['read:questions'],
      params,
      query: z.strictObject({ from: z.iso.datetime().optional(), until: z.iso.datetime().optional() }),
      body: noBody,
      status: 200,
      reply: questionResults,
    },
    async ({ base: { db } }, { params: { id }, query, caller }) => {
      const { access } = caller;
      const question = await getQuestion(db, id);
      if (!seesBrand(access, question.brand)) throw new Problem('not_found', 'The question does not exist');
      const at = now();
      const until = query.until ? new Date(query.until) : at;
      const from = query.from ? new Date(query.from) : new Date(until.getTime() - month);
      if (until.getTime() - from.getTime() > longest) {
        throw new Problem('invalid_query', 'Results are told of 400 days at most: ask for a later from.');
      }
      const which = { question: id, from, until, brands: access.brands && [...access.brands] };
      const { by, ...results } = await resultsOf(db, which, at);
      const { country, ...others } = by;
      // Where somebody was is told by their address.
      return { ...results, by: mayRead(caller)('sign_in.country') ? by : others };
    },
  ),
  route(
    {
      method: 'GET',
      path: '/questions/{id}/known',
      summary: 'Tell of how many customers the attributes that a question asks for are known, day by day, of 90 days',
      may: ['read:questions'],
      params,
      query: z.strictObject({
        /** Whose customers; all, when left out. */
        brand: z.uuid().optional(),
        from: z.iso.datetime().optional(),
        until: z.iso.datetime().optional(),
      }),
      body: noBody,
      status: 200,
      reply: questionKnown,
    },
    async ({ base: { db } }, { params: { id }, query, caller }) => {
      const { access } = caller;
      const question = await getQuestion(db, id);
      if (!seesBrand(access, question.brand)) throw new Problem('not_found', 'The question does not exist');
      if (query.brand === undefined && access.brands) {
        throw new Problem('access_denied', 'Say with brand of which of your brands.', {
          errorCode: 'insufficient_brands',
        });
      }
      const brand = query.brand === undefined ? null : await findBrandId(db, access, query.brand);
      const until = query.until ? new Date(query.until) : now();
      const from = query.from ? new Date(query.from) : new Date(until.getTime() - 3 * month);
      const paths = pathsIn(question.content).filter(mayRead(caller));
      const shares = await attributeShares(db, paths, { brand, from, until });
      return { attributes: [...shares].map(([path, days]) => ({ path, days: [...days] })) };
    },
  ),
  route(
    {
      method: 'GET',
      path: '/questions/{id}/audience',
      summary: 'Tell who would be asked a question if they came again now, about or exactly how many, and some of them',
      may: ['read:questions'],
      params,
      query: z.strictObject({ exact: flag.default(false) }),
      body: noBody,
      status: 200,
      reply: questionAudience,
    },
    async ({ base }, { params: { id }, query, caller, note }) => {
      const { db } = base;
      const { access } = caller;
      // To count by a condition of one's own is to look for customers.
      demandScope(caller, 'read:users');
      const question = await getQuestion(db, id);
      if (!seesBrand(access, question.brand)) throw new Problem('not_found', 'The question does not exist');
      note.onMany();
      const live = toLive(question);
      if (!live) throw new Problem('invalid_body', unreadable);
      refuseHiddenContent(caller, live.content);
      // Whoever came last to one of the brands that the caller sees is a customer of those.
      const ground = await audienceGround(base, question, caller);
      const whereOf = (of: 'some' | 'all') => audienceOf(live, { ...ground, of });
      const { count, isEstimate } = await countCustomersWhere(db, whereOf(query.exact ? 'all' : 'some'), query);
      const customers = await someCustomers(db, whereOf('some'), examples);
      const identities = await identitiesOfMany(
        db,
        customers.map((customer) => customer.id),
      );
      return {
        count,
        is_estimate: isEstimate,
        examples: customers.map((customer) => showUser(customer, identities.get(customer.id) ?? [], access)),
      };
    },
  ),
];
