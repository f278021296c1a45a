import { z } from 'zod';
import {
  question,
  questionDraft,
  questionOrder,
  questionPatch,
  questionPreview,
  questionPreviewRequest,
} from '../../../contract/questions.ts';
import { Problem } from '../../base/errors.ts';
import { getBrand } from '../../features/brands/brands.ts';
import {
  changeQuestion,
  countQuestions,
  createQuestion,
  getQuestion,
  orderQuestions,
  type QuestionRow,
  readQuestions,
  removeQuestion,
} from '../../features/questions/questions.ts';
import * as login from '../login/login.ts';
import type { Caller } from './caller.ts';
import { findBrandId } from './find-brand.ts';
import { mayRead } from './may-read.ts';
import { listOf, paged, pageOf, pageQuery } from './paging.ts';
import { toldPresent } from './present.ts';
import { refuseHiddenContent } from './question-sight.ts';
import { type Api, noBody, nothing, type Route, route } from './route.ts';
import { seesBrand } from './sight.ts';
import { refuseShared } from './umbrella-wide.ts';
import { conditionFields } from './user-conditions.ts';

const params = z.strictObject({ id: z.uuid() });

/** What customers are asked after a sign-in. */
export const questionRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/questions',
      summary: 'List questions, in the order in which they are asked',
      may: ['read:questions'],
      params: nothing,
      query: z.strictObject({ ...pageQuery, state: z.literal(['draft', 'live', 'paused']).optional() }),
      body: noBody,
      status: 200,
      reply: listOf('questions', question, 'pages only'),
    },
    async ({ base }, { query, caller }) => {
      const which = { state: query.state, brands: brandsOf(caller) };
      const rows = await readQuestions(base.db, which, pageOf(query));
      return paged('questions', rows.map(show), query, () => countQuestions(base.db, which));
    },
  ),
  route(
    {
      method: 'POST',
      path: '/questions',
      summary: 'Create a question, as a draft unless said otherwise',
      may: ['create:questions'],
      audit: 'question',
      together: true,
      params: nothing,
      query: nothing,
      body: questionDraft,
      status: 201,
      reply: question,
    },
    async (api, { body, caller }) => {
      await checkBrand(api, caller, body.brand ?? null);
      refuseHiddenContent(caller, body.content);
      return show(await createQuestion(api.base, body, await fieldsFor(api, caller)));
    },
  ),
  // Before `/questions/{id}`: its name is no id.
  route(
    {
      method: 'PUT',
      path: '/questions/order',
      summary: 'Put questions in an order: among due ones the first is asked',
      may: ['update:questions'],
      audit: 'question',
      together: true,
      params: nothing,
      query: nothing,
      body: questionOrder,
      status: 204,
    },
    async ({ base }, { body, caller }) => {
      refuseShared(caller.access, null);
      await orderQuestions(base, body.ids);
    },
  ),
  route(
    {
      method: 'POST',
      path: '/questions/preview',
      audit: 'nothing',
      summary: 'Show the page of a question as it would be with what is not saved',
      may: ['read:questions'],
      params: nothing,
      query: nothing,
      body: questionPreviewRequest,
      status: 200,
      reply: questionPreview,
    },
    async ({ base }, { body: { brand, ...asked }, caller: { access } }) => {
      const id = await findBrandId(base.db, access, brand);
      const found = await getBrand(base.db, id);
      if (!found) throw new Problem('not_found', 'The brand does not exist');
      return { html: await login.previewQuestion(base, { ...asked, brand: found }) };
    },
  ),
  route(
    {
      method: 'GET',
      path: '/questions/{id}',
      summary: 'Read a question',
      may: ['read:questions'],
      params,
      query: nothing,
      body: noBody,
      status: 200,
      reply: question,
    },
    async (api, { params: { id }, caller }) => show(await find(api, caller, id)),
  ),
  route(
    {
      method: 'PATCH',
      path: '/questions/{id}',
      summary: 'Change a question; who looks at the old one answers that',
      may: ['update:questions'],
      audit: 'question',
      together: true,
      params,
      query: nothing,
      body: questionPatch,
      status: 200,
      reply: question,
    },
    async (api, { params: { id }, body, caller, note }) => {
      note.onPaths(Object.keys(body).filter((name) => name !== 'if_version'));
      const present = await find(api, caller, id);
      refuseShared(caller.access, present.brand);
      if (body.brand !== undefined) await checkBrand(api, caller, body.brand);
      if (body.content) refuseHiddenContent(caller, body.content);
      const act = changeQuestion(api.base, id, body, await fieldsFor(api, caller));
      return show(await toldPresent(act, async () => show(await find(api, caller, id))));
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/questions/{id}',
      summary: 'Remove a question; what customers were asked and said stays with them',
      may: ['delete:questions'],
      audit: 'question',
      together: true,
      params,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async (api, { params: { id }, caller }) => {
      refuseShared(caller.access, (await find(api, caller, id)).brand);
      await removeQuestion(api.base, id);
    },
  ),
];

function brandsOf({ access }: Caller): readonly string[] | null {
  return access.brands && [...access.brands];
}

async function find({ base }: Api, { access }: Caller, id: string): Promise<QuestionRow> {
  const found = await getQuestion(base.db, id);
  if (!seesBrand(access, found.brand)) throw new Problem('not_found', 'The question does not exist');
  return found;
}

/** The brand is there, and the caller's; who is limited to brands asks nothing at all of them. */
async function checkBrand({ base }: Api, { access }: Caller, brand: string | null): Promise<void> {
  refuseShared(access, brand);
  if (brand !== null) await findBrandId(base.db, access, brand);
}

function fieldsFor({ base }: Api, caller: Caller) {
  return conditionFields(base, mayRead(caller), caller.access.brands);
}

function show(row: QuestionRow): z.infer<typeof question> {
  const { id, name, brand, content, version, content_version, position, fault, fault_at } = row;
  const state = row.state === 'live' || row.state === 'paused' ? row.state : 'draft';
  return {
    id,
    name,
    state,
    brand,
    starts_at: row.starts_at?.toISOString() ?? null,
    ends_at: row.ends_at?.toISOString() ?? null,
    content,
    version,
    content_version,
    position,
    fault: fault === null || fault_at === null ? null : { at: fault_at.toISOString(), message: fault },
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}
