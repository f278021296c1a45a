import { z } from 'zod';
import { consentRecord, consentReport, userConsent } from '../../../contract/consents.ts';
import { mailConsentLink } from '../../features/accounts/accounts.ts';
import { getBrand } from '../../features/brands/brands.ts';
import {
  consentHistory,
  countConsentHistory,
  currentConsents,
  reportConsent,
} from '../../features/consents/consents.ts';
import { identitiesOf, subjectsOf } from '../../features/customers/customers.ts';
import { askedBy } from './asked-by.ts';
import { originOf } from './caller.ts';
import { showCurrent, showRecord } from './consent-shape.ts';
import { findBrandId } from './find-brand.ts';
import { findUser } from './find-user.ts';
import { idParams } from './id-params.ts';
import { listOf, paged, pageOf, pageQuery } from './paging.ts';
import { noBody, nothing, type Route, route } from './route.ts';
import { seesBrand } from './sight.ts';
import { refuseShared } from './umbrella-wide.ts';

/** What a user allowed and refused. */
export const userConsentRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/users/{id}/consents',
      summary: 'List what a user (customer) allows and refuses now',
      may: ['read:consents'],
      params: idParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: z.array(userConsent),
    },
    async (api, { params, ...from }) => {
      const { id } = await findUser(api, from, params.id);
      const { access } = from.caller;
      return (await currentConsents(api.base.db, id)).filter(({ brand }) => seesBrand(access, brand)).map(showCurrent);
    },
  ),
  route(
    {
      method: 'GET',
      path: '/users/{id}/consents/history',
      summary: 'List everything a user (customer) said to consents, with its proof, the newest first',
      may: ['read:consents'],
      params: idParams,
      query: z.strictObject(pageQuery),
      body: noBody,
      status: 200,
      reply: listOf('consents', consentRecord, 'pages only'),
    },
    async (api, { params, query, ...from }) => {
      const page = pageOf(query);
      const { db } = api.base;
      const { id } = await findUser(api, from, params.id);
      const { access } = from.caller;
      const rows = await consentHistory(db, id, { ...page, brands: access.brands });
      const shown = rows.map((row) => showRecord(row, access));
      return paged('consents', shown, query, () => countConsentHistory(db, id, access.brands));
    },
  ),
  route(
    {
      method: 'POST',
      path: '/users/{id}/consents',
      summary: 'Write down what a user (customer) said elsewhere; it is marked as told by a machine',
      may: ['create:consents'],
      audit: 'customer',
      together: true,
      params: idParams,
      query: nothing,
      body: consentReport,
      status: 201,
      reply: z.array(userConsent),
    },
    async (api, { params, body, ...from }) => {
      const { base } = api;
      const { caller } = from;
      const customer = await findUser(api, from, params.id);
      const brand = body.brand === null ? null : await findBrandId(base.db, caller.access, body.brand);
      refuseShared(caller.access, brand);
      const own = brand === null ? undefined : await getBrand(base.db, brand);
      const named = own ?? (await askedBy(base, from, { customer })).brand;
      const [identity] = await identitiesOf(base.db, customer.id);
      const subject = identity?.subject ?? (await subjectsOf(base.db, customer.id))[0] ?? '';
      await reportConsent(
        base,
        {
          customer: customer.id,
          subject,
          client: originOf(caller),
          brand: named,
          post: (tx, letter) =>
            mailConsentLink(base, tx, { ...letter, asked: { brand: named, language: body.language } }),
        },
        { ...body, brand },
      );
      const now = await currentConsents(base.db, customer.id);
      return now.filter((one) => seesBrand(caller.access, one.brand)).map(showCurrent);
    },
  ),
];
