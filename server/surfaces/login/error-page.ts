import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import { toProblem } from '../../base/http.ts';
import { openFlow } from '../oidc/oidc.ts';
import { explain } from './problem-text.ts';
import { AlreadyDone } from './records.ts';
import { type Belongs, brandOfPortal, roomOf, sendPage } from './room.ts';

/** What no page of a flow can say becomes a page of its own: what happened, what to do next, nothing of the inside. */
export async function sendError(
  base: Base,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  // Another tab was first and the flow is over: nothing went wrong.
  const cause = error instanceof AlreadyDone ? new Problem('flow_expired') : error;
  const { code, status, extra } = toProblem(base, cause, request);
  const room = await roomOf(request, reply, await whereItHappened(base, request));
  const explained = explain({ code, status, extra }, room.say);
  reply.headers(explained.headers);
  const back = room.home ? { href: room.home, label: room.say('error.back') } : undefined;
  const id = status >= 500 ? request.id : undefined;
  return sendPage(
    room,
    'message',
    { title: room.say('error.title'), lead: explained.text, is_problem: true, back, id },
    status,
  );
}

/** The portal of the flow, if this browser may know it. */
async function whereItHappened(base: Base, request: FastifyRequest): Promise<Belongs> {
  const { params } = request;
  const flowId = typeof params === 'object' && params && 'flow' in params ? String(params.flow) : '';
  try {
    const flow = await openFlow(base, request, flowId);
    return { ...(await brandOfPortal(base, request, flow.clientId)), uiLocales: flow.params.ui_locales };
  } catch (error) {
    if (!isProblem(error)) throw error;
    return brandOfPortal(base, request, undefined);
  }
}
