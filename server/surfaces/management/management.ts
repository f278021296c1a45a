import type { FastifyInstance } from 'fastify';
import type { Base } from '../../base/base.ts';
import { createReadCaller, type PublicKeys } from './access-token.ts';

export { ensureFirstMachine, ensureSystemApi } from './first-start.ts';

import { createGuard } from './guard.ts';
import { mount } from './mount.ts';
import { openApiOf } from './openapi.ts';
import { createRateLimit, defaultRate, type Rate } from './rate-limit.ts';
import type { Api } from './route.ts';
import { routes } from './routes.ts';

/** What the Management API needs of the rest of the server. */
export type ManagementParts = Pick<Api, 'endSessions' | 'validateClient'> & {
  /** The public keys of the tokens it trusts. */
  readonly publicKeys: PublicKeys;
  /** How fast each client may call; 200 at once and 100 a second in the long run unless told otherwise. */
  readonly rate?: Rate | undefined;
};

/** Registers the Management API, Auth0's resources and ours, under `/api/v2`. */
export async function registerManagement(app: FastifyInstance, base: Base, parts: ManagementParts): Promise<void> {
  const { endSessions, validateClient, publicKeys, rate = defaultRate } = parts;
  const guard = createGuard(base.db, createReadCaller(base.config.issuer, publicKeys), createRateLimit(rate));
  await app.register(
    async (scope) => {
      scope.decorateRequest('caller', null);
      const document = JSON.stringify(openApiOf(routes));
      scope.get('/openapi.json', async (_request, reply) => reply.type('application/json').send(document));
      mount(scope, { base, endSessions, validateClient }, routes, guard);
    },
    { prefix: '/api/v2' },
  );
}
