import type { Base } from '../../../base/base.ts';
import { transact } from '../../../base/db.ts';
import type { PostLoginOutcome } from '../../../features/actions/actions.ts';
import { endGrants, endSession } from '../../oidc/oidc.ts';
import type { Occasion } from './occasion.ts';
import { sessionIdOf } from './session-told.ts';

/**
 * What ends with a refusal: by `api.refreshToken.revoke` the refresh token at hand with all that its sign-in gave, by
 * `api.session.revoke` the session that `event.session` tells: that the customer came by, or that the refresh token came from. Who has come with
 * neither a session nor a refresh token has nothing that could end.
 */
export async function revoke(
  { db }: Pick<Base, 'db'>,
  { customer, visit }: Pick<Occasion, 'customer' | 'visit'>,
  what: NonNullable<PostLoginOutcome['revoke']>,
): Promise<void> {
  const { refreshes } = visit.wire;
  const uid = what === 'refresh_token' ? undefined : await sessionIdOf({ db }, { customer, visit });
  await transact(db, async (tx) => {
    if (uid !== undefined) await endSession(tx, { uid }, { keepsRefreshTokens: what === 'session_only' });
    if (refreshes && what !== 'session_only') await endGrants(tx, customer.id, refreshes.signIn);
  });
}
