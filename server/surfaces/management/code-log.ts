import { z } from 'zod';
import { ruleLine, type RuleLine as Shown } from '../../../contract/rules.ts';
import type { Base } from '../../base/base.ts';
import { EventStream } from '../../base/event-stream.ts';
import { userIdsOf } from '../../features/customers/customers.ts';
import { type CodeKind, listLines, type RuleLine } from '../../features/rules/rules.ts';
import { refuseCode } from './refuse-code.ts';
import { noBody, nothing, type Route, route } from './route.ts';

const number = z.string().regex(/^\d{1,18}$/);
const lookMs = 1000;
const mostAtOnce = 200;

/** Where what a kind of code prints is read, and who may: whoever may write it can print anything, so they alone. */
type Log = {
  readonly kind: CodeKind;
  readonly path: '/rules/log' | '/actions/log';
  readonly may: 'update:rules' | 'update:actions';
  readonly whose: string;
};

/** What rules print at sign-ins, and what actions print wherever they run. */
export const codeLogRoutes: readonly Route[] = [
  ...logRoutes({ kind: 'rule', path: '/rules/log', may: 'update:rules', whose: 'rules' }),
  ...logRoutes({ kind: 'action', path: '/actions/log', may: 'update:actions', whose: 'actions' }),
];

function logRoutes({ kind, path, may, whose }: Log): Route[] {
  return [
    route(
      {
        method: 'GET',
        path,
        summary: `List what ${whose} printed within the last day, the newest first`,
        may: [may],
        params: nothing,
        query: z.strictObject({
          /** Only of the one with this id. */
          [kind]: z.string().max(64).optional(),
          /** Only older ones than the line of this number. */
          before: number.optional(),
          take: z.coerce.number().int().min(1).max(mostAtOnce).default(50),
        }),
        body: noBody,
        status: 200,
        reply: z.array(ruleLine),
      },
      async ({ base }, { query, caller, note }) => {
        refuseCode(caller.access);
        note.onMany();
        const filter = { kind, rule: textIn(query[kind]), before: textIn(query.before) };
        return show(base, await listLines(base, filter, Number(query.take)));
      },
    ),
    route(
      {
        method: 'GET',
        path: `${path}/live`,
        summary: `What ${whose} print, as it is printed, as server-sent events`,
        type: 'text/event-stream',
        may: [may],
        params: nothing,
        query: z.strictObject({
          /** Only of the one with this id. */
          [kind]: z.string().max(64).optional(),
          /** The id of the event that came last (also as the header `Last-Event-ID`). */
          from: number.optional(),
        }),
        body: noBody,
        status: 200,
      },
      async ({ base }, { query, caller, note }) => {
        refuseCode(caller.access);
        note.onMany();
        const events = new EventStream();
        const filter = { kind, rule: textIn(query[kind]) };
        let last = textIn(query.from) ?? (await listLines(base, { kind }, 1))[0]?.number ?? '0';
        let isLooking = false;
        const timer = setInterval(async () => {
          if (isLooking) return;
          isLooking = true;
          try {
            for (const line of await show(base, await listLines(base, { ...filter, after: last }, mostAtOnce))) {
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
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

async function show({ db }: Base, lines: readonly RuleLine[]): Promise<Shown[]> {
  const customers = lines.flatMap(({ customer }) => customer ?? []);
  const userIds = await userIdsOf(db, [...new Set(customers)]);
  return lines.map(({ number: counted, rule, customer, at, level, line }) =>
    ruleLine.parse({
      ...{ number: counted, rule, level, line, at: at.toISOString() },
      user_id: (customer !== null && userIds.get(customer)) || null,
    }),
  );
}
