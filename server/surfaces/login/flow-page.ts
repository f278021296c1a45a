import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { isProblem } from '../../base/errors.ts';
import { checkForm } from '../oidc/oidc.ts';
import { goOn } from './advance.ts';
import { type Form, readForm } from './form.ts';
import { leadOn } from './lead-on.ts';
import { type Again, openPage, type PageVisit } from './page-visit.ts';
import { explain } from './problem-text.ts';

/** A page of the flow: how it is shown, and the forms that it sends (by the last part of their address). */
export type FlowPage = {
  readonly step: string;
  /** It asks something once the sign-in is recorded; every other page then leads on. */
  readonly afterwards?: boolean;
  /** What becomes of a form whose flow is over; undefined: nothing, and its sender is told that it is over. */
  readonly late?: (
    base: Base,
    request: FastifyRequest,
    reply: FastifyReply,
    sent: { readonly act: string; readonly form: Form },
  ) => Promise<FastifyReply | undefined>;
  readonly show: (at: PageVisit, again?: Again) => Promise<FastifyReply>;
  readonly acts: Readonly<Record<string, (at: PageVisit, form: Form) => Promise<FastifyReply>>>;
};

type OfFlow = FastifyRequest<{ Params: { flow: string } }>;

/**
 * Serves a page at `/u/<flow>/<step>`. Looking changes nothing. A form must come from our own page of this flow; what
 * it meets with as a `Problem` is said on the page itself. A flow that is done goes on to the portal, whichever page
 * is asked for; one that is over leads on who is signed in.
 */
export function serveFlowPage(app: FastifyInstance, base: Base, page: FlowPage): void {
  const { step, show, acts, late, afterwards = false } = page;
  app.get(`/u/:flow/${step}`, async (request: OfFlow, reply) => {
    const at = await openPage(base, request, reply, request.params.flow).catch(async (error: unknown) => {
      if (isProblem(error, 'flow_expired') && (await leadOn(base, request, reply))) return undefined;
      throw error;
    });
    if (!at) return reply;
    return at.state.done && !afterwards ? goOn(at, at.state.done) : show(at);
  });
  for (const [name, act] of Object.entries(acts)) {
    app.post(`/u/:flow/${name}`, async (request: OfFlow, reply) => {
      const form = readForm(request.body);
      const at = await openPage(base, request, reply, request.params.flow).catch(async (error: unknown) => {
        if (isProblem(error, 'flow_expired')) await late?.(base, request, reply, { act: name, form });
        // Who waits for a reply is told nothing when it comes: that it was sent is asked of itself.
        if (reply.sent) return undefined;
        throw error;
      });
      if (!at) return reply;
      checkForm(base, request, at.flow, form.token);
      if (at.state.done && !afterwards) return goOn(at, at.state.done);
      try {
        return await act(at, form);
      } catch (error) {
        // What the page cannot say (the flow is over, the form is foreign) becomes a page of its own.
        if (!isProblem(error) || isProblem(error, 'flow_expired', 'origin_refused')) throw error;
        return show(at, { explained: explain(error, at.say), form });
      }
    });
  }
}
