import { SignJWT } from 'jose';
import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { isProblem } from '../../base/errors.ts';
import { randomId } from '../../base/ids.ts';
import { addJob } from '../../base/jobs.ts';
import type { Json } from '../../base/json.ts';
import { portal as findPortal } from '../../features/portals/portals.ts';
import { signingKeys } from './signing-keys.ts';

const payload = z.object({
  sub: z.string(),
  portals: z.array(z.object({ client: z.string(), sid: z.string() })),
});

// About ten tries over two days.
const tries = 10;
const event = 'http://schemas.openid.net/event/backchannel-logout';

/**
 * Job `backchannel_logout`: tells portals that a session has ended (OpenID Connect Back-Channel Logout 1.0). Each
 * portal gets a job of its own, repeated until it answers 200 or 204.
 */
export async function backchannelLogout(base: Base, job: Json): Promise<void> {
  const { sub, portals } = payload.parse(job);
  const [first, ...others] = portals;
  if (others.length > 0) {
    for (const portal of portals) {
      if (await addressOf(base, portal.client)) {
        await addJob(base.db, 'backchannel_logout', { sub, portals: [portal] }, { maxAttempts: tries });
      }
    }
    return;
  }
  const address = first && (await addressOf(base, first.client));
  if (!first || address === undefined) return;
  const body = new URLSearchParams({ logout_token: await logoutToken(base, first.client, sub, first.sid) });
  const response = await base.outgoing.fetch(address, { method: 'POST', body }).catch((error: unknown) => {
    // Repeating would not help an address that may not be called.
    if (isProblem(error, 'outgoing_refused')) return undefined;
    throw error;
  });
  if (!response) base.log.warn({ client: first.client }, 'back-channel logout address may not be called');
  else if (response.status !== 200 && response.status !== 204) {
    throw new Error(`Back-channel logout of ${first.client} was answered ${response.status}.`);
  }
}

async function addressOf(base: Base, clientId: string): Promise<string | undefined> {
  return (await findPortal(base, clientId))?.settings.oidc_logout.backchannel_logout_urls[0];
}

async function logoutToken(base: Base, clientId: string, sub: string, sid: string): Promise<string> {
  const [signer] = await signingKeys(base);
  if (!signer) throw new Error('There is no signing key.');
  const at = Math.floor(now().getTime() / 1000);
  return new SignJWT({ sub, sid, events: { [event]: {} } })
    .setProtectedHeader({ alg: 'RS256', typ: 'logout+jwt', kid: signer.kid })
    .setIssuer(base.config.issuer)
    .setAudience(clientId)
    .setJti(randomId())
    .setIssuedAt(at)
    .setExpirationTime(at + 120)
    .sign(signer.privateKey);
}
