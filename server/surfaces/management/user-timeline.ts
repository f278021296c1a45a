import { z } from 'zod';
import { browserName } from '../../../contract/browser-names.ts';
import { timelineRow, userDevice } from '../../../contract/timeline.ts';
import { devicesOf, timelineClasses, timelineNow, timelineOf } from '../../features/customers/customers.ts';
import { findUser } from './find-user.ts';
import { idParams } from './id-params.ts';
import { liveList } from './live.ts';
import { checkpointQuery, openMark, sealMark } from './paging.ts';
import { noBody, nothing, type Route, route } from './route.ts';
import { timelineNamesIn } from './timeline-names.ts';
import { showTimelineRow } from './timeline-shape.ts';

const query = z.strictObject({
  ...checkpointQuery,
  /** Only these classes, separated by commas. */
  class: commaList(z.literal(timelineClasses)).optional(),
  /** Only rows of these names, separated by commas. */
  name: commaList(z.string().regex(/^[a-z_]{1,64}$/)).optional(),
});

function commaList<T>(item: z.ZodType<T, string>) {
  return z
    .string()
    .max(2000)
    .transform((text) => text.split(','))
    .pipe(z.array(item).min(1).max(50));
}

const reply = z.strictObject({
  timeline: z.array(timelineRow),
  next: z.string().optional(),
  /** Of the first page: what `live` goes on from. A row that comes there again has the same id. */
  live: z.string().optional(),
});

/** What happened to a user, and by which devices they came. */
export const userTimelineRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/users/{id}/timeline',
      summary: 'List what happened to a user (customer), the newest first',
      may: ['read:logs', 'read:logs_users'],
      params: idParams,
      query,
      body: noBody,
      status: 200,
      reply,
    },
    async (api, { params, query, ...circumstances }) => {
      const { caller } = circumstances;
      const { access } = caller;
      const { db, vault } = api.base;
      const { id } = await findUser(api, circumstances, params.id);
      const { from, take: perPage = 50, class: classes, name: names } = query;
      const list = JSON.stringify(['timeline', id, classes, names]);
      // First, so that nothing is missing between the list and what comes live.
      const live = from === undefined ? sealMark(vault, liveList, await timelineNow(db)) : undefined;
      const before = from === undefined ? undefined : openMark(vault, list, from, z.string());
      const { entries, next } = await timelineOf(db, id, { perPage, before, classes, names, brands: access.brands });
      const called = await timelineNamesIn(api.base, caller, id, entries);
      return {
        timeline: await Promise.all(entries.map((entry) => showTimelineRow(api.base, entry, access, called))),
        ...(next !== undefined && { next: sealMark(vault, list, next) }),
        ...(live !== undefined && { live }),
      };
    },
  ),
  route(
    {
      method: 'GET',
      path: '/users/{id}/devices',
      summary: 'List the browsers that a user (customer) came by, the latest first',
      may: ['read:users'],
      params: idParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: z.array(userDevice),
    },
    async (api, { params, ...from }) => {
      const { id } = await findUser(api, from, params.id);
      const devices = await devicesOf(api.base.db, id);
      return devices.slice(0, mostDevices).map(({ device, userAgent, firstSeen, lastSeen }) => ({
        id: device,
        name: browserName(userAgent) ?? null,
        user_agent: userAgent,
        first_seen: firstSeen.toISOString(),
        last_seen: lastSeen.toISOString(),
      }));
    },
  ),
];

const mostDevices = 100;
