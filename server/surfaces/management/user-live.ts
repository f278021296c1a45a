import { z } from 'zod';
import { EventStream } from '../../base/event-stream.ts';
import type { LiveRow } from '../../features/customers/customers.ts';
import { findUser } from './find-user.ts';
import { idParams } from './id-params.ts';
import { liveList, livePosition, liveTimelines } from './live.ts';
import { openMark, sealMark } from './paging.ts';
import { noBody, type Route, route } from './route.ts';
import { seesBrand } from './sight.ts';
import { timelineNamesIn } from './timeline-names.ts';
import { showTimelineRow } from './timeline-shape.ts';

/** A user's timeline as it goes on. */
export const userLiveRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/users/{id}/live',
      summary: 'Every new row of the timeline of a user (customer) as it is written, as server-sent events',
      type: 'text/event-stream',
      may: ['read:logs', 'read:logs_users'],
      params: idParams,
      query: z.strictObject({
        /** The `live` of the timeline, or the id of the event that came last (also as the header `Last-Event-ID`). */
        from: z.string().max(1000).optional(),
      }),
      body: noBody,
      status: 200,
    },
    async (api, { params, query, ...circumstances }) => {
      const { caller } = circumstances;
      const { access } = caller;
      const { base } = api;
      const { id } = await findUser(api, circumstances, params.id);
      const from = query.from === undefined ? undefined : openMark(base.vault, liveList, query.from, livePosition);
      const events = new EventStream();
      const mark = (position: LiveRow['position']) => sealMark(base.vault, liveList, position);
      // Names of portals and brands may have to be read: rows are told in their order all the same.
      let told = Promise.resolve();
      const tellNext = (tell: () => Promise<void>) => {
        // Without the row there would be a gap: the page comes again, and catches up.
        told = told.then(tell).catch(() => events.finish());
      };
      const watch = await liveTimelines(base).watch(id, from, {
        show({ entry, position }) {
          if (!seesBrand(access, entry.brand)) return;
          tellNext(async () => {
            const names = await timelineNamesIn(base, caller, id, [entry]);
            const data = await showTimelineRow(base, entry, access, names);
            await events.tell({ id: mark(position), event: 'timeline', data });
          });
        },
        startAnew: (position) => tellNext(() => events.tell({ id: mark(position), event: 'start_anew', data: {} })),
        end: () => events.finish(),
      });
      events.once('close', () => watch.close());
      if (events.destroyed) watch.close();
      return events;
    },
  ),
];
