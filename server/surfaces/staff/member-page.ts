import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import type { Db } from '../../base/db.ts';
import { isProblem } from '../../base/errors.ts';
import { type From, findSession, type SignedIn } from '../../features/staff/staff.ts';
import { type Form, readForm, userAgentOf } from '../login/login.ts';
import { checkForm, formToken, sessionCookie } from './cookies.ts';
import { explain } from './explain.ts';
import { noteAct } from './note-act.ts';
import { type Again, goTo } from './visit-page.ts';

const freshMs = 600_000;

/** One request of somebody who is signed in. */
export type Member = {
  readonly base: Base;
  readonly reply: FastifyReply;
  readonly from: Pick<From, 'ip' | 'userAgent'>;
  readonly cookie: string;
  readonly token: string;
  readonly query: Form;
  readonly who: SignedIn;
  /** Was it proven within the last ten minutes that it is them? */
  readonly isFresh: boolean;
};

/** A page for who is signed in. `fresh`: only for who has just proven it; its forms always are, but the `easy` ones. */
export type MemberPage = {
  readonly path: string;
  readonly fresh: boolean;
  readonly easy?: readonly string[];
  readonly show: (at: Member, again?: Again) => Promise<FastifyReply>;
  readonly acts: Readonly<Record<string, MemberAct>>;
};

/** A form. */
export type MemberAct = {
  readonly act: 'create' | 'change' | 'delete';
  readonly summary: string;
  /** Does it, and calls `note` in the same transaction, which writes the row in the audit log. @returns the answer */
  readonly run: (at: Member, form: Form, note: (tx: Db) => Promise<void>) => Promise<FastifyReply>;
};

/** Serves it below `/staff`. Who is not signed in, or not freshly enough, is sent to sign in and comes back to it. */
export function serveMemberPage(app: FastifyInstance, base: Base, page: MemberPage): void {
  const signIn = (reply: FastifyReply, again: boolean) =>
    goTo(reply, `/staff/sign-in?return_to=/staff/${page.path}${again ? '&again=yes' : ''}`);

  app.get(`/staff/${page.path}`, async (request, reply) => {
    const at = await openMember(base, request, reply);
    if (!at || (page.fresh && !at.isFresh)) return signIn(reply, at !== undefined);
    return page.show(at);
  });
  for (const [path, { act, summary, run }] of Object.entries(page.acts)) {
    app.post(`/staff/${path}`, async (request, reply) => {
      const at = await openMember(base, request, reply);
      if (!at) return signIn(reply, false);
      const form = readForm(request.body);
      checkForm(base, request, at.cookie, form.token);
      if (!page.easy?.includes(path) && !at.isFresh) return signIn(reply, true);
      try {
        return await run(at, form, (db) => noteAct({ db }, { staff: at.who.staff, from: at.from, act, path, summary }));
      } catch (error) {
        if (!isProblem(error) || isProblem(error, 'flow_expired', 'origin_refused')) throw error;
        return page.show(at, { explained: explain(error), form });
      }
    });
  }
}

async function openMember(base: Base, request: FastifyRequest, reply: FastifyReply): Promise<Member | undefined> {
  const cookie = sessionCookie(base, request);
  const at = now();
  const who = cookie === undefined ? undefined : await findSession(base.db, cookie, at);
  if (cookie === undefined || !who) return undefined;
  const isFresh = at.getTime() - who.provedAt.getTime() < freshMs;
  const query = readForm(request.query);
  const from = { ip: request.ip, userAgent: userAgentOf(request) };
  return { base, reply, from, cookie, token: formToken(base, cookie), query, who, isFresh };
}
