import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import { type Door, type From, lookAtSession } from '../../features/staff/staff.ts';
import { type Form, readForm, userAgentOf } from '../login/login.ts';
import { checkForm, formToken, newVisitCookie, sessionCookie, setSessionCookie, visitCookie } from './cookies.ts';
import { type Explained, explain } from './explain.ts';
import { noteAct } from './note-act.ts';
import { sendPage } from './pages.ts';

/** One request at a page for whom is not signed in yet. */
export type Visit = {
  readonly base: Base;
  readonly reply: FastifyReply;
  /** Of this browser's visit: whoever is half in is known by it. */
  readonly cookie: string;
  /** Of its forms. */
  readonly token: string;
  readonly query: Form;
  readonly from: From;
};

/** What went wrong with the form that was just sent, and what was typed. */
export type Again = { readonly explained: Explained; readonly form: Form };

/** A page and the forms that it sends, each by its address. */
export type VisitPage = {
  readonly path: string;
  readonly show: (at: Visit, again?: Again) => Promise<FastifyReply>;
  readonly acts: Readonly<Record<string, (at: Visit, form: Form) => Promise<FastifyReply>>>;
};

/** Serves it below `/staff`. A form that is refused is shown again, with why. */
export function serveVisitPage(app: FastifyInstance, base: Base, page: VisitPage): void {
  app.get(`/staff/${page.path}`, async (request, reply) => page.show(openVisit(base, request, reply)));
  for (const [path, act] of Object.entries(page.acts)) {
    app.post(`/staff/${path}`, async (request, reply) => {
      const form = readForm(request.body);
      checkForm(base, request, visitCookie(base, request), form.token);
      const at = openVisit(base, request, reply);
      try {
        return await act(at, form);
      } catch (error) {
        if (!isProblem(error) || isProblem(error, 'flow_expired', 'origin_refused')) throw error;
        return page.show(at, { explained: explain(error), form });
      }
    });
  }
}

function openVisit(base: Base, request: FastifyRequest, reply: FastifyReply): Visit {
  const cookie = visitCookie(base, request) ?? newVisitCookie(base, reply);
  const session = sessionCookie(base, request);
  const from = { ip: request.ip, userAgent: userAgentOf(request), session };
  return { base, reply, cookie, token: formToken(base, cookie), query: readForm(request.query), from };
}

/** Sends a page with its form token and, after a refused form, with why it was refused. */
export function showPage(
  { reply, token }: Pick<Visit, 'reply' | 'token'>,
  name: string,
  model: Readonly<Record<string, unknown>>,
  again?: Again,
): FastifyReply {
  const { said = {}, status = 200, headers = {} } = again?.explained ?? {};
  reply.headers(headers);
  return sendPage(reply, name, { token, ...said, ...model }, status);
}

/** On to another page. */
export function goTo(reply: FastifyReply, path: string): FastifyReply {
  return reply.header('cache-control', 'no-store').redirect(path, 303);
}

/** Through the door: in, or on to what is due. Either way the browser gets new cookies, whatever it came with. */
export async function enter(at: Pick<Visit, 'base' | 'reply' | 'from'>, door: Door): Promise<FastifyReply> {
  const { base, reply } = at;
  if (door.kind === 'in') {
    await beIn(at, door.session);
    return goTo(reply, door.returnTo);
  }
  newVisitCookie(base, reply, door.visit);
  return goTo(reply, door.kind === 'factor' ? '/staff/factor' : '/staff/enrol');
}

/** The browser holds the session from now on, and nothing of the visit that led to it. The audit log has it. */
export async function beIn(
  { base, reply, from }: Pick<Visit, 'base' | 'reply' | 'from'>,
  session: string,
): Promise<void> {
  const who = await lookAtSession(base.db, session, now());
  if (!who) throw new Problem('flow_expired');
  const summary = `Sign in (${who.amr.join(', ')})`;
  await noteAct(base, { staff: who.staff, from, act: 'create', path: 'sign-in', summary });
  setSessionCookie(base, reply, session);
  newVisitCookie(base, reply);
}
