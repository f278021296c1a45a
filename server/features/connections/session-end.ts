import type { NetworkConnection } from './connection.ts';
import { networkOf } from './networks.ts';
import { connectionWithSecrets } from './stored-connection.ts';
import type { UpstreamGround } from './upstream.ts';
import { openClient, sessionEndOf } from './upstream-client.ts';
import { translated } from './upstream-failure.ts';

// Some servers take no longer address; who the customer is they then ask themselves.
const longestHint = 4096;

/** What one browser is to be signed out of, and where it comes back to. */
export type SessionEnd = {
  /** Where the network sends the browser back: one address, registered there. */
  redirectUri: string;
  /** Comes back with it. */
  state: string;
  /** The ID token that the network gave last for this customer, if it is kept. */
  idToken?: string | undefined;
};

/**
 * The address that ends the browser's session at the network (OpenID Connect RP-Initiated Logout 1.0), or undefined
 * where the network has none: then nothing outside is ended.
 *
 * @throws Problem `network_failed` when its metadata cannot be read
 */
export async function endUpstream(
  base: UpstreamGround,
  connection: NetworkConnection,
  { redirectUri, state, idToken }: SessionEnd,
): Promise<{ url: string } | undefined> {
  return translated(base, connection, 'end', async () => {
    const full = await connectionWithSecrets(base, connection);
    const client = await openClient(base, full, networkOf(full));
    const address = sessionEndOf(client, full);
    if (address === undefined || !(await mayLeadThere(base, address))) return undefined;
    const url = new URL(address);
    const hint = idToken !== undefined && idToken.length <= longestHint && { id_token_hint: idToken };
    const parameters = { client_id: full.options.client_id, post_logout_redirect_uri: redirectUri, state, ...hint };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return { url: url.href };
  });
}

/** A browser is sent there, so it is a web address, and in the clear only at the umbrella's own hosts. */
async function mayLeadThere({ outgoing }: UpstreamGround, address: string): Promise<boolean> {
  if (!URL.canParse(address)) return false;
  return address.startsWith('https://') || (address.startsWith('http://') && (await outgoing.isOwn(address)));
}
