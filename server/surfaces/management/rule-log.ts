import { z } from 'zod';
import { ruleLine, type RuleLine as Shown } from '../../../contract/rules.ts';
import type { Base } from '../../base/base.ts';
import { EventStream } from '../../base/event-stream.ts';
import { userIdsOf } from '../../features/customers/customers.ts';
import { listLines, type RuleLine } from '../../features/rules/rules.ts';
import { refuseCode } from './refuse-code.ts';
import { noBody, nothing, type Route, route } from './route.ts';

const number = z.string().regex(/^\d{1,18}$/);
const lookMs = 1000;
const mostAtOnce = 200;

/**
 * What rules print at sign-ins. Whoever may write rules can print anything, so they alone may read it.
 */
export const ruleLogRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/rules/log',
      summary: 'List what rules printed at the sign-ins of the last day, the newest first',
      may: ['update:rules'],
      params: nothing,
      query: z.strictObject({
        rule: z.string().max(64).optional(),
        /** Only older ones than the line of this number. */
        before: number.optional(),
        take: z.coerce.number().int().min(1).max(mostAtOnce).default(50),
      }),
      body: noBody,
      status: 200,
      reply: z.array(ruleLine),
    },
    async ({ base }, { query: { take, ...filter }, caller, note }) => {
      refuseCode(caller.access);
      note.onMany();
      return show(base, await listLines(base, filter, take));
    },
  ),
  route(
    {
      method: 'GET',
      path: '/rules/log/live',
      summary: 'What rules print, as it is printed, as server-sent events',
      type: 'text/event-stream',
      may: ['update:rules'],
      params: nothing,
      query: z.strictObject({
        rule: z.string().max(64).optional(),
        /** The id of the event that came last (also as the header `Last-Event-ID`). */
        from: number.optional(),
      }),
      body: noBody,
      status: 200,
    },
    async ({ base }, { query: { rule, from }, caller, note }) => {
      refuseCode(caller.access);
      note.onMany();
      const events = new EventStream();
      let last = from ?? (await listLines(base, {}, 1))[0]?.number ?? '0';
      let isLooking = false;
      const timer = setInterval(async () => {
        if (isLooking) return;
        isLooking = true;
        try {
          for (const line of await show(base, await listLines(base, { rule, after: last }, mostAtOnce))) {
            await events.tell({ id: line.number, event: 'line', data: line });
            last = line.number;
          }
        } catch {
          // The page comes again, from where it was.
          events.finish();
        }
        isLooking = false;
      }, lookMs);
      events.once('close', () => clearInterval(timer));
      return events;
    },
  ),
];

async function show({ db }: Base, lines: readonly RuleLine[]): Promise<Shown[]> {
  const userIds = await userIdsOf(db, [...new Set(lines.map(({ customer }) => customer))]);
  return lines.map(({ number: counted, rule, customer, at, level, line }) =>
    ruleLine.parse({
      ...{ number: counted, rule, level, line, user_id: userIds.get(customer) ?? null, at: at.toISOString() },
    }),
  );
}
