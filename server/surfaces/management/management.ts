import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { openAuditKey } from '../../features/audit/audit.ts';
import { createReadMachine } from './access-token.ts';
import { createReadStaff } from './console-cookie.ts';

export { openApiText } from './document.ts';
export { toApiError } from './errors.ts';
export { ensureFirstMachine, ensureFirstStaff, ensureSystemApi } from './first-start.ts';
export { createOwnApi } from './own-api.ts';
export { createRateLimit, defaultRate } from './rate-limit.ts';
export { readPart } from './read-part.ts';

import { lookAtSession } from '../../features/staff/staff.ts';
import { sessionCookie } from '../staff/staff.ts';
import { openApiText } from './document.ts';
import { createGuard } from './guard.ts';
import { closeLive } from './live.ts';
import { mount } from './mount.ts';
import { createRateLimit, defaultRate, type Rate } from './rate-limit.ts';
import type { Api } from './route.ts';
import { routes } from './routes.ts';
import { createStillMay } from './still-may.ts';
import { createVerify } from './verify-token.ts';

/** What the Management API needs of the rest of the server. */
export type ManagementParts = Omit<Api, 'base'> & {
  /** How fast each client may call; 200 at once and 100 a second in the long run unless told otherwise. */
  readonly rate?: Rate | undefined;
};

/** Registers the Management API, Auth0's resources and ours, under `/api/v2`. */
export async function registerManagement(app: FastifyInstance, base: Base, parts: ManagementParts): Promise<void> {
  await openAuditKey(base);
  const { rate = defaultRate, ...others } = parts;
  const readMachine = createReadMachine(base.config.issuer, createVerify(base.config.issuer, parts.publicKeys));
  const cookieOf = (request: FastifyRequest) => sessionCookie(base, request);
  const readStaff = createReadStaff(base, cookieOf);
  const guard = createGuard(base, { readMachine, readStaff, count: createRateLimit(rate) });
  // A page that stays open by itself keeps no session alive.
  const stillMay = createStillMay(base, { readMachine, readStaff: createReadStaff(base, cookieOf, lookAtSession) });
  app.addHook('preClose', () => closeLive(base));
  await app.register(
    async (scope) => {
      scope.decorateRequest('caller', null);
      scope.decorateRequest('note', null);
      scope.get('/openapi.json', async (_request, reply) => reply.type('application/json').send(openApiText()));
      mount(scope, { base, ...others }, routes, guard, stillMay);
    },
    { prefix: '/api/v2' },
  );
}
