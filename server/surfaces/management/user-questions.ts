import { z } from 'zod';
import { askedQuestion } from '../../../contract/questions.ts';
import { type KeptAsk, readAsks } from '../../features/questions/questions.ts';
import { findUser } from './find-user.ts';
import { idParams } from './id-params.ts';
import { pageOf, pageQuery } from './paging.ts';
import { noBody, type Route, route } from './route.ts';

/** What a user was asked, and how that ended; what they said stands among their facts. */
export const userQuestionRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/users/{id}/questions',
      summary: 'List what a user (customer) was asked, the newest first',
      may: ['read:questions'],
      params: idParams,
      query: z.strictObject({ page: pageQuery.page, per_page: pageQuery.per_page }),
      body: noBody,
      status: 200,
      reply: z.array(askedQuestion),
    },
    async (api, { params, query, ...from }) => {
      const { id } = await findUser(api, from, params.id);
      const { brands } = from.caller.access;
      const rows = await readAsks(api.base.db, id, { ...pageOf(query), brands: brands && [...brands] });
      return rows.map(show);
    },
  ),
];

function show(row: KeptAsk): z.infer<typeof askedQuestion> {
  const { id, question, name, variant, place, fields, answered, brand, portal, sign_in_number, outcome } = row;
  return {
    id,
    question,
    name,
    variant,
    place,
    fields,
    answered,
    brand,
    portal,
    sign_in_number,
    shown_at: row.shown_at.toISOString(),
    outcome,
    ended_at: row.ended_at?.toISOString() ?? null,
  };
}
