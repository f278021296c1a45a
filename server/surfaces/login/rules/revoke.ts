import type { Base } from '../../../base/base.ts';
import { transact } from '../../../base/db.ts';
import type { PostLoginOutcome } from '../../../features/actions/actions.ts';
import { endGrants, endSession, sessionOfSignIn } from '../../oidc/oidc.ts';
import type { Occasion } from './occasion.ts';

/**
 * What ends with a refusal: by `api.refreshToken.revoke` the refresh token at hand with all that its sign-in gave, by
 * `api.session.revoke` the session that `event.session` tells: that the customer came by, or that the refresh token came from. Who has come with
 * neither a session nor a refresh token has nothing that could end.
 */
export async function revoke(
  { db }: Pick<Base, 'db'>,
  { customer, visit: { wire, sessionFor } }: Pick<Occasion, 'customer' | 'visit'>,
  what: NonNullable<PostLoginOutcome['revoke']>,
): Promise<void> {
  const { session, refreshes } = wire;
  const inBrowser = await sessionFor?.(customer.id);
  await transact(db, async (tx) => {
    if (what !== 'refresh_token') {
      const before = refreshes && (await sessionOfSignIn(tx, customer.id, refreshes.signIn));
      const uid = session?.uid ?? inBrowser ?? before;
      if (uid !== undefined) await endSession(tx, { uid }, { keepsRefreshTokens: what === 'session_only' });
    }
    if (refreshes && what !== 'session_only') await endGrants(tx, customer.id, refreshes.signIn);
  });
}
