import { z } from 'zod';
import { askedQuestion, type QuestionField } from '../../../contract/questions.ts';
import { type Asking, consentsSaid, readAsks, toAsking } from '../../features/questions/questions.ts';
import { findUser } from './find-user.ts';
import { idParams } from './id-params.ts';
import { pageOf, pageQuery } from './paging.ts';
import { noBody, type Route, route } from './route.ts';
import { type Sight, sees, seesBrand } from './sight.ts';

/** What a user was asked, and how that ended; what they said stands among their facts and consents. */
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
      const { db } = api.base;
      const { id } = await findUser(api, from, params.id);
      const { access, scopes } = from.caller;
      const rows = await readAsks(db, id, { ...pageOf(query), brands: access.brands && [...access.brands] });
      const askings = rows.flatMap((row) => toAsking(row) ?? []);
      const said = scopes.has('read:consents') ? await consentsSaid(db, id, askings) : undefined;
      return askings.map((asking) => {
        const own = (said?.get(asking.ask.id) ?? []).filter(({ brand }) => seesBrand(access, brand));
        return show(asking, access, said && own.map(({ wording, given }) => ({ wording, given })));
      });
    },
  ),
];

function show(
  { ask, fields }: Asking,
  access: Sight,
  consents: z.infer<typeof askedQuestion>['consents'] | undefined,
): z.infer<typeof askedQuestion> {
  const { id, question, name, variant, place, answered, brand, portal, sign_in_number, outcome } = ask;
  return {
    id,
    question,
    name,
    variant,
    place,
    fields: ask.fields,
    answered,
    answers: fields
      .filter(({ key }) => answered.includes(key))
      .map(nameOf)
      .filter(({ path }) => path === null || sees(access, path)),
    consents: consents ?? null,
    brand,
    portal,
    sign_in_number,
    shown_at: ask.shown_at.toISOString(),
    outcome,
    ended_at: ask.ended_at?.toISOString() ?? null,
  };
}

/** In English, or the first language that it was written in. */
function nameOf(field: QuestionField) {
  const labels = 'labels' in field ? field.labels : {};
  const label = labels.en ?? Object.values(labels)[0] ?? field.key;
  return { key: field.key, label, path: 'path' in field ? field.path : null };
}
