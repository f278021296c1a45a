import { z } from 'zod';
import {
  type Consent,
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
import { type Api, noBody, nothing, type Route, route } from './route.ts';
import { type Sight, seesBrand } from './sight.ts';
import { refuseShared } from './umbrella-wide.ts';
import { refuseChanged } from './version.ts';

const nobodys = '00000000-0000-0000-0000-000000000000';
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
    async ({ base }, { query, caller: { access } }) => {
      const { offset, limit } = pageOf(query);
      const all = await consents.listEntries(base.db, { brand: await brandOf(base.db, access, query.brand) });
      const found = all.filter(
        ({ purpose, brand }) => seesBrand(access, brand) && (query.purpose === undefined || purpose === query.purpose),
      );
      const shown = await showAll(base.db, found.slice(offset, offset + limit));
      return paged('consents', shown, query, async () => found.length);
    },
  ),
  route(
    {
      method: 'POST',
      path: '/consents',
      summary: 'Add a purpose, or a topic of one, to the catalogue of consents',
      may: ['create:consents'],
      audit: 'consent',
      together: true,
      params: nothing,
      query: nothing,
      body: consentDraft,
      status: 201,
      reply: consent,
    },
    async ({ base }, { body, caller: { access } }) => {
      const brand = body.brand === null ? null : await findBrandId(base.db, access, body.brand);
      refuseShared(access, brand);
      return show({ ...(await consents.createEntry(base, { ...body, brand })), version: null }, []);
    },
  ),
  route(
    {
      method: 'GET',
      path: '/consents/{id}',
      summary: 'Read a consent of the catalogue',
      may: ['read:consents'],
      versioned: true,
      params: consentParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: consent,
    },
    async (api, { params, caller }) => showOne(api.base.db, await find(api, caller.access, params.id)),
  ),
  route(
    {
      method: 'PATCH',
      path: '/consents/{id}',
      summary: 'Change how a consent is asked; what it is about stays',
      may: ['update:consents'],
      versioned: true,
      audit: 'consent',
      together: true,
      params: consentParams,
      query: nothing,
      body: consentPatch,
      status: 200,
      reply: consent,
    },
    async (api, { params: { id }, body, caller, note, ifMatch }) => {
      const { base } = api;
      note.onPaths(Object.keys(body));
      await findToChange(api, caller.access, id);
      const now = async () => showOne(base.db, await consents.getEntry(base.db, id));
      await consents.changeEntry(base, id, body, async () => refuseChanged(ifMatch, await now()));
      return now();
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/consents/{id}',
      summary: 'Take a consent from the catalogue of which no version was published',
      may: ['delete:consents'],
      audit: 'consent',
      together: true,
      params: consentParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async (api, { params, caller }) => {
      await findToChange(api, caller.access, params.id);
      return consents.removeEntry(api.base, params.id);
    },
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
    async (api, { params, query, caller }) => {
      const { offset, limit } = pageOf(query);
      await find(api, caller.access, params.id);
      const all = await consents.listWordings(api.base.db, params.id);
      return paged('wordings', all.slice(offset, offset + limit).map(showWording), query, async () => all.length);
    },
  ),
  route(
    {
      method: 'POST',
      path: '/consents/{id}/wordings',
      summary: 'Write a version of the words of a consent, as a draft',
      may: ['create:consents'],
      audit: 'consent',
      together: true,
      params: consentParams,
      query: nothing,
      body: wordingDraft,
      status: 201,
      reply: wording,
    },
    async (api, { params, body, caller }) => {
      await findToChange(api, caller.access, params.id);
      return showWording(await consents.draftWording(api.base, params.id, body));
    },
  ),
  route(
    {
      method: 'GET',
      path: '/consents/{id}/wordings/{version}',
      summary: 'Read a version of the words of a consent',
      may: ['read:consents'],
      versioned: true,
      params: wordingParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: wording,
    },
    async (api, { params, caller }) => {
      await find(api, caller.access, params.id);
      return showWording(await consents.getWording(api.base.db, params.id, params.version));
    },
  ),
  route(
    {
      method: 'PATCH',
      path: '/consents/{id}/wordings/{version}',
      summary: 'Change a draft; published words never change',
      may: ['update:consents'],
      versioned: true,
      audit: 'consent',
      together: true,
      params: wordingParams,
      query: nothing,
      body: wordingPatch,
      status: 200,
      reply: wording,
    },
    async (api, { params: { id, version }, body, caller, ifMatch }) => {
      await findToChange(api, caller.access, id);
      const now = async () => showWording(await consents.getWording(api.base.db, id, version));
      const check = async () => refuseChanged(ifMatch, await now());
      return showWording(await consents.redraftWording(api.base, id, version, body.texts, check));
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/consents/{id}/wordings/{version}',
      summary: 'Throw a draft away',
      may: ['delete:consents'],
      audit: 'consent',
      together: true,
      params: wordingParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async (api, { params, caller }) => {
      await findToChange(api, caller.access, params.id);
      return consents.removeWording(api.base, params.id, params.version);
    },
  ),
  route(
    {
      method: 'POST',
      path: '/consents/{id}/wordings/{version}/publish',
      summary: 'Publish a version: from now on it is the one that is asked',
      may: ['update:consents'],
      audit: 'consent',
      together: true,
      params: wordingParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: wording,
    },
    async (api, { params, caller }) => {
      await findToChange(api, caller.access, params.id);
      return showWording(await consents.publishWording(api.base, params.id, params.version));
    },
  ),
  route(
    {
      method: 'POST',
      path: '/consents/{id}/wordings/{version}/withdraw',
      summary: 'Withdraw a published version: the one before it is asked again, if there is one',
      may: ['update:consents'],
      audit: 'consent',
      together: true,
      params: wordingParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: wording,
    },
    async (api, { params, caller }) => {
      await findToChange(api, caller.access, params.id);
      return showWording(await consents.withdrawWording(api.base, params.id, params.version));
    },
  ),
];

/** An entry of the caller's brands or of the umbrella. Problem `not_found` for others as for none. */
async function find({ base }: Api, sight: Sight, id: string): ReturnType<typeof consents.getEntry> {
  const found = await consents.getEntry(base.db, id);
  // As what is not there is told.
  return seesBrand(sight, found.brand) ? found : consents.getEntry(base.db, nobodys);
}

async function findToChange(api: Api, sight: Sight, id: string): Promise<void> {
  refuseShared(sight, (await find(api, sight, id)).brand);
}

async function brandOf(db: Parameters<typeof findBrandId>[0], sight: Sight, named: string | undefined) {
  if (named === undefined) return undefined;
  return named === 'umbrella' ? null : findBrandId(db, sight, named);
}

type Known = Awaited<ReturnType<typeof consents.getEntry>>;

async function showAll(db: Api['base']['db'], entries: readonly Known[]): Promise<Consent[]> {
  const drafts = await consents.draftsOf(
    db,
    entries.map(({ id }) => id),
  );
  return entries.map((entry) => show(entry, drafts.get(entry.id) ?? []));
}

async function showOne(db: Api['base']['db'], entry: Known): Promise<Consent> {
  return show(entry, (await consents.draftsOf(db, [entry.id])).get(entry.id) ?? []);
}

function show(entry: Known, drafts: readonly string[]): Consent {
  const { created_at, updated_at } = entry;
  const at = { created_at: created_at.toISOString(), updated_at: updated_at.toISOString() };
  return { ...entry, drafts: [...drafts], ...at };
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
