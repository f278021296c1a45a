import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { inSeconds, now } from '../../base/clock.ts';
import { isProblem } from '../../base/errors.ts';
import {
  buttonOf,
  connectionByName,
  endUpstream,
  isNetwork,
  openTokens,
} from '../../features/connections/connections.ts';
import { sealedTokensOf } from '../../features/customers/customers.ts';

const context = 'logout.way-back';
// Some networks ask first, and a page waits for its answer.
const wayBackSeconds = 3600;

/** Where networks send a browser back that was signed out there; each has it registered. */
export const wayBackPath = '/v2/logout/callback';

const wayBack = z.object({
  client_id: z.string().optional(),
  address: z.string().optional(),
  state: z.string().optional(),
  ui_locales: z.string().optional(),
  expires_at: z.number(),
});

/** Where a browser goes once it is signed out everywhere: judged anew by the portal's list when it is back. */
export type WayBack = Omit<z.infer<typeof wayBack>, 'expires_at'>;

/** The sign-in that a session ended with. */
export type LastSignIn = { readonly customer: string; readonly subject: string; readonly connection: string };

/**
 * The page of the network by which a customer came, that ends their session there too (Auth0's `federated`). Undefined
 * where they came by no network, by one that has no such address, or by one that does not answer: who signs out is
 * signed out here whatever becomes of it.
 */
export async function networkExit(
  base: Base,
  last: LastSignIn | undefined,
  way: WayBack,
): Promise<{ url: string; network: string } | undefined> {
  const connection = last && (await connectionByName(base, last.connection));
  if (!connection || !isNetwork(connection)) return undefined;
  const end = {
    redirectUri: base.config.url + wayBackPath,
    state: base.vault.encrypt(JSON.stringify({ ...way, expires_at: inSeconds(wayBackSeconds).getTime() }), context),
    idToken: await idTokenOf(base, last),
  };
  try {
    const exit = await endUpstream(base, connection, end);
    return exit && { url: exit.url, network: buttonOf(connection).label };
  } catch (error) {
    if (isProblem(error, 'network_failed')) return undefined;
    throw error;
  }
}

/** What `state` brought back; undefined when it is not ours, or came too late. */
export function readWayBack(base: Base, state: string | undefined): WayBack | undefined {
  try {
    const { expires_at: expires, ...way } = wayBack.parse(JSON.parse(base.vault.decrypt(state ?? '', context)));
    return expires > now().getTime() ? way : undefined;
  } catch {
    return undefined;
  }
}

async function idTokenOf({ db, vault }: Base, { customer, subject }: LastSignIn): Promise<string | undefined> {
  const sealed = (await sealedTokensOf(db, customer)).get(subject);
  return sealed === undefined ? undefined : openTokens(vault, sealed).id_token;
}
