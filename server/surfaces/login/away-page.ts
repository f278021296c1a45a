import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { isProblem } from '../../base/errors.ts';
import type { ShowPage } from '../oidc/page-port.ts';
import { advance, goTo, joinTwin, travelTo } from './advance.ts';
import type { FlowPage } from './flow-page.ts';
import { keepReturn, takeNote } from './network-notes.ts';
import { openPage } from './page-visit.ts';
import { createShowPage } from './protocol-pages.ts';
import { isAway, openAway, readAwayState, takeAway } from './rules/away.ts';
import { textsOf, wireOfReturn } from './rules/wire.ts';

const mostPosted = 64 * 1024;

const brought = z.object({ query: z.record(z.string(), z.string()), body: z.record(z.string(), z.string()) });

/** On the way to where a rule sends the customer. */
export const awayPage: FlowPage = {
  step: 'away',
  async show(at) {
    return at.state.away ? travelTo(at, at.state.away) : goTo(at, 'login?stay');
  },
  acts: {},
};

/**
 * `/continue?state=`: the browser is back from where a rule had sent it, by GET or POST. The state is good once, in the
 * browser that was sent away, and all rules run again with what the other site handed back.
 */
export function serveContinue(app: FastifyInstance, base: Base): void {
  const showPage = createShowPage(base);

  app.get('/continue', async (request, reply) => {
    const { query, body } = await readBrought(base, request);
    const state = readAwayState(query.state);
    if (!state) return lost(showPage, request, reply);
    const at = await openPage(base, request, reply, state.flowId).catch((error: unknown) => {
      if (!isProblem(error, 'flow_expired')) throw error;
      return undefined;
    });
    if (!at) return lost(showPage, request, reply);
    const away = await takeAway(base.db, state.flowId, state.nonce);
    if (!away) return (await joinTwin(at)) ? reply : lost(showPage, request, reply);
    const back = await openPage(base, request, reply, state.flowId);
    const visit = { ...back.visit, wire: wireOfReturn(query, body, back.visit.wire) };
    return advance({ ...back, visit }, { by: 'held', ...openAway(base, away) });
  });

  // A form from another site brings no cookies of ours: what it says is kept under a handle of one use.
  app.post('/continue', { bodyLimit: mostPosted }, async (request, reply) => {
    const content = { query: textsOf(request.query), body: textsOf(request.body) };
    const state = readAwayState(stateOf(content));
    reply.header('cache-control', 'no-store');
    // Nobody is waited for (any more): nothing is kept, and the GET says what there is to say.
    if (!state || !(await isAway(base.db, state.flowId, state.nonce))) {
      const more = state && `?${new URLSearchParams({ state: `${state.flowId}.${state.nonce}` })}`;
      return reply.redirect(`/continue${more ?? ''}`, 303);
    }
    const handle = await keepReturn(base, request.ip, content);
    return reply.redirect(`/continue?kept=${handle}`, 303);
  });
}

/** The state may be a field of the form. */
function stateOf({ query, body }: z.infer<typeof brought>): string | undefined {
  return query.state ?? body.state;
}

async function readBrought(base: Base, { query }: FastifyRequest): Promise<z.infer<typeof brought>> {
  const { kept, ...asked } = textsOf(query);
  if (kept === undefined) return { query: asked, body: {} };
  const nothing: z.infer<typeof brought> = { query: {}, body: {} };
  const { data = nothing } = brought.safeParse(await takeNote(base, kept));
  const state = stateOf(data);
  return { ...data, query: { ...data.query, ...(state !== undefined && { state }) } };
}

function lost(showPage: ShowPage, request: FastifyRequest, reply: FastifyReply): FastifyReply | Promise<FastifyReply> {
  const error_description = 'The state of this sign-in is unknown, was used before, or is too old.';
  return showPage(request, reply, {
    name: 'error',
    model: { error: 'invalid_request', error_description },
    status: 400,
  });
}
