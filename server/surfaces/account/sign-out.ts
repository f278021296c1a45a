import type { FastifyInstance } from 'fastify';
import { transact } from '../../base/db.ts';
import { readForm } from '../login/login.ts';
import { checkForm, endSession, forgetSession } from '../oidc/oidc.ts';
import { type AccountParts, formsOf, lookOfStranger, openAccount } from './account-visit.ts';
import { pages } from './texts.ts';

/** Signing out of every portal at once: the session ends, and portals are told. */
export function serveSignOut(app: FastifyInstance, parts: AccountParts): void {
  const { base } = parts;
  app.post('/account/sign-out', async (request, reply) => {
    const at = await openAccount(parts, request, reply);
    if (at) {
      checkForm(base, request, formsOf(at.session), readForm(request.body).token);
      await transact(base.db, (tx) => endSession(tx, { uid: at.session.uid }));
    }
    forgetSession(base, reply);
    return reply.redirect('/account/signed-out', 303);
  });
  app.get('/account/signed-out', async (request, reply) => {
    const { dress, language, say } = await lookOfStranger(base, request);
    const model = { title: say('signed_out.title'), lead: say('signed_out.lead'), again: true };
    return pages.send(reply, 'message', model, { dress, language });
  });
}
