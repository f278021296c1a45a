import type { Adapter } from 'oidc-provider';
import { inSeconds } from '../../base/clock.ts';
import { only } from './adapter-verbs.ts';
import { currentExchange as current } from './exchange.ts';
import { handleOf } from './token-handles.ts';

/**
 * The engine's interactions, in `flows`. A flow is read by the bridge before the engine goes on with it, together with
 * its cookie and session; what is made here gets its cookie where the engine asks for the page's address.
 */
export function interactionRecords(): Adapter {
  return only({
    async find(id) {
      return current().read.get(`Interaction:${id}`);
    },
    async upsert(id, payload, expiresIn = 0) {
      const { writes, customer, journey } = current();
      const answer = await journey;
      const { jti: _, session, deviceCode, parJti, ...rest } = payload;
      const engine = {
        ...rest,
        ...(session ? { session: withoutCookie(session) } : {}),
        ...(deviceCode ? { deviceCode: handleOf(deviceCode) } : {}),
        ...(parJti ? { parJti: handleOf(parJti) } : {}),
      };
      writes.flow = {
        id,
        engine,
        state: answer && 'page' in answer ? (answer.remember ?? {}) : {},
        secretHash: Buffer.alloc(32),
        customer: customer?.id ?? null,
        expiresAt: inSeconds(expiresIn),
      };
    },
    async destroy(id) {
      current().writes.takes.push({ flow: id });
    },
  });
}

/** The session's id, which is in its cookie, is not kept beside the flow. */
function withoutCookie({ cookie: _, ...session }: { cookie?: string | undefined }): object {
  return session;
}
