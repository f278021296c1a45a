import { z } from 'zod';
import { attribute, attributeDraft, attributePatch } from '../../../contract/customers.ts';
import { now } from '../../base/clock.ts';
import { Problem } from '../../base/errors.ts';
import { getBrand } from '../../features/brands/brands.ts';
import * as customers from '../../features/customers/customers.ts';
import { listOf, paged, pageOf, pageQuery } from './paging.ts';
import { type Api, noBody, nothing, type Route, route } from './route.ts';
import { refuseOwnGain, refuseUnwritable, type Sight, seesBrand } from './sight.ts';
import { refuseShared } from './umbrella-wide.ts';
import { refuseChanged } from './version.ts';

const pathParams = z.strictObject({ path: z.string().min(1).max(400) });

/** The catalogue of attributes. */
export const attributeRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/attributes',
      summary: 'List the catalogue of attributes',
      may: ['read:attributes'],
      params: nothing,
      query: z.strictObject(pageQuery),
      body: noBody,
      status: 200,
      reply: listOf('attributes', attribute, 'pages only'),
    },
    async ({ base }, { query, caller: { access } }) => {
      const { offset, limit } = pageOf(query);
      const all = (await customers.listAttributes(base.db)).filter(({ brand }) => seesBrand(access, brand));
      return paged('attributes', all.slice(offset, offset + limit).map(show), query, async () => all.length);
    },
  ),
  route(
    {
      method: 'POST',
      path: '/attributes',
      summary: 'Add an attribute to the catalogue',
      may: ['create:attributes'],
      audit: 'attribute',
      together: true,
      params: nothing,
      query: nothing,
      body: attributeDraft,
      status: 201,
      reply: attribute,
    },
    async (api, { body, caller }) => {
      await refuseUnknownBrand(api, caller.access, body.brand ?? null);
      refuseOwnGain(caller.access, body.path, { before: false, after: body.sensitive ?? false });
      if (body.askable) refuseUnwritable(caller.access, [body.path]);
      return show(await customers.createAttribute(api.base.db, body, now()));
    },
  ),
  route(
    {
      method: 'GET',
      path: '/attributes/{path}',
      summary: 'Read an attribute of the catalogue',
      may: ['read:attributes'],
      versioned: true,
      params: pathParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: attribute,
    },
    async (api, { params, caller }) => show(await find(api, caller.access, params.path)),
  ),
  route(
    {
      method: 'PATCH',
      path: '/attributes/{path}',
      summary: 'Change an attribute of the catalogue',
      may: ['update:attributes'],
      versioned: true,
      audit: 'attribute',
      together: true,
      params: pathParams,
      query: nothing,
      body: attributePatch,
      status: 200,
      reply: attribute,
    },
    async (api, { params, body, ifMatch, caller, note }) => {
      note.onPaths(Object.keys(body));
      const { brand } = await findToChange(api, caller.access, params.path);
      await refuseUnknownBrand(api, caller.access, body.brand === undefined ? brand : body.brand);
      const check = (known: customers.Attribute) => {
        refuseChanged(ifMatch, show(known));
        const { path, sensitive: before } = known;
        refuseOwnGain(caller.access, path, { before, after: body.sensitive ?? before });
        // Customers write it from then on, and what they write is chosen by who makes the question.
        if (body.askable && !known.askable) refuseUnwritable(caller.access, [path]);
      };
      return show(await customers.updateAttribute(api.base.db, params.path, body, now(), check));
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/attributes/{path}',
      summary: 'Take an attribute from the catalogue; its values stay',
      may: ['delete:attributes'],
      audit: 'attribute',
      together: true,
      params: pathParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async (api, { params, caller }) => {
      await findToChange(api, caller.access, params.path);
      return customers.removeAttribute(api.base.db, params.path, ({ path, sensitive: before }) =>
        refuseOwnGain(caller.access, path, { before, after: false }),
      );
    },
  ),
];

async function find({ base }: Api, sight: Sight, path: string): Promise<customers.Attribute> {
  const found = await customers.getAttribute(base.db, path);
  if (found && seesBrand(sight, found.brand)) return found;
  throw new Problem('not_found', 'The attribute does not exist', { errorCode: 'inexistent_attribute' });
}

async function findToChange(api: Api, sight: Sight, path: string): Promise<customers.Attribute> {
  const found = await find(api, sight, path);
  refuseShared(sight, found.brand);
  return found;
}

async function refuseUnknownBrand({ base }: Api, sight: Sight, brand: string | null): Promise<void> {
  refuseShared(sight, brand);
  if (brand === null || (seesBrand(sight, brand) && (await getBrand(base.db, brand)))) return;
  throw new Problem('invalid_body', "Payload validation error: 'No such brand' on property brand.");
}

function show(shown: customers.Attribute): z.infer<typeof attribute> {
  return { ...shown, created_at: shown.created_at.toISOString(), updated_at: shown.updated_at.toISOString() };
}
