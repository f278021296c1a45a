import { z } from 'zod';
import {
  consent,
  consentDraft,
  consentPatch,
  consentPurpose,
  wording,
  wordingDraft,
  wordingPatch,
  wordingVersion,
} from '../../../contract/consents.ts';
import * as consents from '../../features/consents/consents.ts';
import { findBrandId } from './find-brand.ts';
import { listOf, paged, pageOf, pageQuery } from './paging.ts';
import { noBody, nothing, type Route, route } from './route.ts';

const consentParams = z.strictObject({ id: z.uuid() });
const wordingParams = z.strictObject({ id: z.uuid(), version: wordingVersion });

/** The catalogue of consents: what customers are asked to allow. */
export const consentRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/consents',
      summary: 'List the catalogue of consents, in the order in which they are asked',
      may: ['read:consents'],
      params: nothing,
      query: z.strictObject({
        ...pageQuery,
        /** Id or slug; `umbrella` for those of no brand. */
        brand: z.string().max(64).optional(),
        purpose: consentPurpose.optional(),
      }),
      body: noBody,
      status: 200,
      reply: listOf('consents', consent, 'pages only'),
    },
    async ({ base }, { query }) => {
      const { offset, limit } = pageOf(query);
      const all = await consents.listEntries(base.db, { brand: await brandOf(base.db, query.brand) });
      const found = all.filter(({ purpose }) => query.purpose === undefined || purpose === query.purpose);
      return paged('consents', found.slice(offset, offset + limit).map(show), query, async () => found.length);
    },
  ),
  route(
    {
      method: 'POST',
      path: '/consents',
      summary: 'Add a purpose, or a topic of one, to the catalogue of consents',
      may: ['create:consents'],
      params: nothing,
      query: nothing,
      body: consentDraft,
      status: 201,
      reply: consent,
    },
    async ({ base }, { body }) => {
      const brand = body.brand === null ? null : await findBrandId(base.db, body.brand);
      return show({ ...(await consents.createEntry(base, { ...body, brand })), version: null });
    },
  ),
  route(
    {
      method: 'GET',
      path: '/consents/{id}',
      summary: 'Read a consent of the catalogue',
      may: ['read:consents'],
      params: consentParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: consent,
    },
    async ({ base }, { params }) => show(await consents.getEntry(base.db, params.id)),
  ),
  route(
    {
      method: 'PATCH',
      path: '/consents/{id}',
      summary: 'Change how a consent is asked; what it is about stays',
      may: ['update:consents'],
      params: consentParams,
      query: nothing,
      body: consentPatch,
      status: 200,
      reply: consent,
    },
    async ({ base }, { params, body }) => {
      await consents.changeEntry(base, params.id, body);
      return show(await consents.getEntry(base.db, params.id));
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/consents/{id}',
      summary: 'Take a consent from the catalogue of which no version was published',
      may: ['delete:consents'],
      params: consentParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async ({ base }, { params }) => consents.removeEntry(base, params.id),
  ),
];

/** The words in which a consent is asked. */
export const wordingRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/consents/{id}/wordings',
      summary: 'List the versions of the words of a consent, the newest first',
      may: ['read:consents'],
      params: consentParams,
      query: z.strictObject(pageQuery),
      body: noBody,
      status: 200,
      reply: listOf('wordings', wording, 'pages only'),
    },
    async ({ base }, { params, query }) => {
      const { offset, limit } = pageOf(query);
      const all = await consents.listWordings(base.db, params.id);
      return paged('wordings', all.slice(offset, offset + limit).map(showWording), query, async () => all.length);
    },
  ),
  route(
    {
      method: 'POST',
      path: '/consents/{id}/wordings',
      summary: 'Write a version of the words of a consent, as a draft',
      may: ['create:consents'],
      params: consentParams,
      query: nothing,
      body: wordingDraft,
      status: 201,
      reply: wording,
    },
    async ({ base }, { params, body }) => showWording(await consents.draftWording(base, params.id, body)),
  ),
  route(
    {
      method: 'GET',
      path: '/consents/{id}/wordings/{version}',
      summary: 'Read a version of the words of a consent',
      may: ['read:consents'],
      params: wordingParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: wording,
    },
    async ({ base }, { params }) => showWording(await consents.getWording(base.db, params.id, params.version)),
  ),
  route(
    {
      method: 'PATCH',
      path: '/consents/{id}/wordings/{version}',
      summary: 'Change a draft; published words never change',
      may: ['update:consents'],
      params: wordingParams,
      query: nothing,
      body: wordingPatch,
      status: 200,
      reply: wording,
    },
    async ({ base }, { params: { id, version }, body }) =>
      showWording(await consents.redraftWording(base, id, version, body.texts)),
  ),
  route(
    {
      method: 'DELETE',
      path: '/consents/{id}/wordings/{version}',
      summary: 'Throw a draft away',
      may: ['delete:consents'],
      params: wordingParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async ({ base }, { params }) => consents.removeWording(base, params.id, params.version),
  ),
  route(
    {
      method: 'POST',
      path: '/consents/{id}/wordings/{version}/publish',
      summary: 'Publish a version: from now on it is the one that is asked',
      may: ['update:consents'],
      params: wordingParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: wording,
    },
    async ({ base }, { params }) => showWording(await consents.publishWording(base, params.id, params.version)),
  ),
  route(
    {
      method: 'POST',
      path: '/consents/{id}/wordings/{version}/withdraw',
      summary: 'Withdraw a published version: the one before it is asked again, if there is one',
      may: ['update:consents'],
      params: wordingParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: wording,
    },
    async ({ base }, { params }) => showWording(await consents.withdrawWording(base, params.id, params.version)),
  ),
];

async function brandOf(db: Parameters<typeof findBrandId>[0], named: string | undefined) {
  if (named === undefined) return undefined;
  return named === 'umbrella' ? null : findBrandId(db, named);
}

function show(entry: consents.Entry & { version: string | null }): z.infer<typeof consent> {
  return { ...entry, created_at: entry.created_at.toISOString(), updated_at: entry.updated_at.toISOString() };
}

function showWording(one: consents.Wording): z.infer<typeof wording> {
  return {
    ...one,
    created_at: one.created_at.toISOString(),
    updated_at: one.updated_at.toISOString(),
    published_at: one.published_at?.toISOString() ?? null,
    withdrawn_at: one.withdrawn_at?.toISOString() ?? null,
  };
}
