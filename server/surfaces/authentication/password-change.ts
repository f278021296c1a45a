import type { FastifyInstance } from 'fastify';
import { passwordChangeAsked } from '../../../contract/authentication.ts';
import type { Base } from '../../base/base.ts';
import { startReset } from '../../features/accounts/accounts.ts';
import { readPart } from '../management/management.ts';
import { portalAsking } from './asking.ts';
import { storeOf } from './store-of.ts';

/** `POST /dbconnections/change_password`: mails a link to choose a new password. The answer is the same for all. */
export function servePasswordChange(scope: FastifyInstance, base: Base): void {
  scope.post('/dbconnections/change_password', async (request, reply) => {
    const body = readPart('body', passwordChangeAsked, request.body);
    const { portal, asked } = await portalAsking(base, request, reply, body.client_id);
    const { name: connection } = await storeOf(base, portal, body.connection);
    await startReset(base, { connection, identifier: body.email ?? body.username ?? '', asked });
    return reply.type('text/html; charset=utf-8').send("We've just sent you an email to reset your password.");
  });
}
