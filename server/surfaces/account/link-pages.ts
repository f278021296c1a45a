import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { isProblem, Problem } from '../../base/errors.ts';
import { finishLink, readForm, readNetworkState, takeNote } from '../login/login.ts';
import { goToAccount } from './account-page.ts';
import { type AccountParts, openAccount } from './account-visit.ts';
import { sealParts } from './sealed-parts.ts';
import { sendToSignIn } from './sign-in.ts';

const sentBack = z.record(z.string(), z.unknown());

/** Where the network's answer comes to, kept under a handle of one use. */
export function serveLinked(app: FastifyInstance, parts: AccountParts): void {
  const { base } = parts;
  app.get('/account/linked', async (request, reply) => {
    const at = await openAccount(parts, request, reply);
    if (!at) return sendToSignIn(parts, request, reply, { next: '/ways' });
    const params = sentBack.safeParse(await takeNote(base, readForm(request.query).handle ?? ''));
    const attemptId = params.success ? readNetworkState(params.data.state)?.attemptId : undefined;
    if (!params.success || attemptId === undefined) throw new Problem('flow_expired');
    try {
      const outcome = await finishLink(base, at.visit, at.owner, { attemptId, params: params.data });
      const { name: what, kind } = outcome;
      if (kind === 'others') return goToAccount(at, '/join', {}, { joining: sealParts(at, 'join', [outcome.handle]) });
      return goToAccount(at, '/ways', { done: kind, what });
    } catch (error) {
      if (!isProblem(error, 'network_failed', 'network_refused')) throw error;
      return goToAccount(at, '/ways', { failed: error.code });
    }
  });
}
