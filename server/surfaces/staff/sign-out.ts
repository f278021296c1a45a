import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { deleteSession, lookAtSession } from '../../features/staff/staff.ts';
import { readForm, userAgentOf } from '../login/login.ts';
import { checkForm, clearSessionCookie, sessionCookie } from './cookies.ts';
import { noteAct } from './note-act.ts';
import { goTo } from './visit-page.ts';

/**
 * Signing out, by a form of these pages (with its token) or from the console, which says so by the header it sends with
 * every call.
 */
export function serveSignOut(app: FastifyInstance, base: Base): void {
  app.post('/staff/sign-out', async (request, reply) => {
    const cookie = sessionCookie(base, request);
    const isConsole = request.headers['x-regulars-console'] === '1';
    if (!isConsole) checkForm(base, request, cookie, readForm(request.body).token);
    else if (request.headers.origin !== base.config.url) throw new Problem('origin_refused');
    if (cookie !== undefined) await end(base, request, cookie);
    clearSessionCookie(base, reply);
    return isConsole ? reply.code(204).send() : goTo(reply, '/staff/sign-in?signed_out=yes');
  });
}

async function end(base: Base, request: FastifyRequest, cookie: string): Promise<void> {
  const from = { ip: request.ip, userAgent: userAgentOf(request) };
  await transact(base.db, async (db) => {
    const who = await lookAtSession(db, cookie, now());
    await deleteSession(db, cookie);
    if (!who) return;
    await noteAct({ db }, { staff: who.staff, from, act: 'delete', path: 'sign-out', summary: 'Sign out' });
  });
}
