import { z } from 'zod';
import { questionTrial } from '../../../contract/questions.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { Problem } from '../../base/errors.ts';
import { brandBySlug } from '../../features/brands/brands.ts';
import { readLastContext } from '../../features/customers/customers.ts';
import {
  getQuestion,
  type QuestionRow,
  readQuestions,
  toLive,
  unreadable,
} from '../../features/questions/questions.ts';
import * as login from '../login/login.ts';
import { type Caller, demandScope } from './caller.ts';
import { findUser } from './find-user.ts';
import { refuseHiddenContent, seesContent } from './question-sight.ts';
import { noBody, type Route, route } from './route.ts';
import { seesBrand } from './sight.ts';

const mostLive = 500;

/** A question tried with a customer, who is asked nothing by it. */
export const questionTrialRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/questions/{id}/trial',
      summary:
        'Tell what a user (customer) would be asked if they came again now as they came last, as if this were live',
      may: ['read:questions'],
      params: z.strictObject({ id: z.uuid() }),
      query: z.strictObject({ user_id: z.string().min(1).max(600) }),
      body: noBody,
      status: 200,
      reply: questionTrial,
    },
    async (api, { params: { id }, query, caller, note }) => {
      const { base } = api;
      const { access } = caller;
      demandScope(caller, 'read:users');
      const tried = await getQuestion(base.db, id);
      if (!seesBrand(access, tried.brand)) throw new Problem('not_found', 'The question does not exist');
      const live = toLive(tried);
      if (!live) throw new Problem('invalid_body', unreadable);
      refuseHiddenContent(caller, live.content);
      const customer = await findUser(api, { caller, note }, query.user_id);
      const signIn = await readLastContext(base.db, customer.id, access.brands);
      const slug = signIn?.brand ?? undefined;
      const brand = slug === undefined ? undefined : await brandBySlug(base.db, slug);
      const rows = await lookedAt(base, caller, tried);
      const seen = rows.flatMap((row) => {
        const question = toLive(row);
        // What is not live is tried as if it were.
        return question && seesContent(caller, question.content) ? [{ ...question, state: 'live' as const }] : [];
      });
      if (!signIn || !brand || !seesBrand(access, brand.id)) {
        return { sign_in: null, questions: [], asked: null, held_out: false, instead: null, html: null };
      }
      const { place } = live.content;
      const trial = await login.tryQuestions(base, { customer, signIn, brand, place, at: now() }, seen);
      const { portal, device, language, hour } = signIn;
      return {
        sign_in: { number: trial.number, portal, brand: brand.slug, device, language, hour },
        questions: rows.map((row) => ({
          id: row.id,
          name: row.name,
          state: stateOf(row),
          verdict: verdictOf(row, trial),
        })),
        asked: trial.chosen?.question.id ?? null,
        held_out: trial.chosen?.arm === 'held_out',
        instead: trial.instead === 'consent' && !caller.scopes.has('read:consents') ? null : (trial.instead ?? null),
        html: trial.html ?? null,
      };
    },
  ),
];

/** Those that are live and the one that is tried, in their order, as far as they are of the caller's brands. */
async function lookedAt({ db }: Pick<Base, 'db'>, { access }: Caller, tried: QuestionRow): Promise<QuestionRow[]> {
  const which = { state: 'live', brands: access.brands && [...access.brands] } as const;
  const live = await readQuestions(db, which, { limit: mostLive, offset: 0 });
  const others = live.filter(({ id }) => id !== tried.id);
  return [...others, tried].sort((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1));
}

function stateOf({ state }: QuestionRow): 'draft' | 'live' | 'paused' {
  return state === 'live' || state === 'paused' ? state : 'draft';
}

function verdictOf(row: QuestionRow, { broken, verdicts }: login.Trial) {
  if (broken.has(row.id) || !toLive(row)) return 'broken';
  const verdict = verdicts.get(row.id);
  return verdict === undefined || verdict === 'not_live' ? 'hidden' : verdict;
}
