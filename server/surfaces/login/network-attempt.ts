import { createHmac } from 'node:crypto';
import type { Base } from '../../base/base.ts';
import { randomId } from '../../base/ids.ts';
import { beginUpstream, type NetworkConnection, type UpstreamTicket } from '../../features/connections/connections.ts';
import type { Flow } from '../oidc/oidc.ts';
import type { Attempt, FlowState } from './flow-state.ts';

// A customer on the way to a network and back. The `state` names flow and attempt; it is worth something only with the
// flow's cookie, once, and only for the connection that stands in the flow's row: never for one that the answer names.

const mostAttempts = 5;

/** Stands in the place of a flow's id when the account page sends a customer to a network. */
export const linkFlow = 'link';

/** Where all networks send their answers. */
export function redirectUri({ config }: Pick<Base, 'config'>): string {
  return `${config.issuer}login/callback`;
}

/** What the network gets back to us as `state`. */
export function stateOf(flowId: string, attemptId: string): string {
  return `${flowId}.${attemptId}`;
}

/** Flow and attempt that a `state` names, or undefined for what was never ours. */
export function readNetworkState(state: unknown): { flowId: string; attemptId: string } | undefined {
  const parts = /^([\w-]{1,64})\.([\w-]{36})$/.exec(typeof state === 'string' ? state : '');
  return parts?.[1] && parts[2] ? { flowId: parts[1], attemptId: parts[2] } : undefined;
}

/** What an attempt is bound to. Nonce and PKCE verifier are derived, so that they are stored nowhere. */
export function ticketOf(base: Base, flowId: string, { id, connection, likes }: Attempt): UpstreamTicket {
  const [key] = base.vault.derive('network-attempt');
  const derived = (what: string) =>
    createHmac('sha256', key)
      .update(JSON.stringify([what, flowId, id, connection]))
      .digest('base64url');
  return {
    redirectUri: redirectUri(base),
    state: stateOf(flowId, id),
    nonce: derived('nonce'),
    codeVerifier: derived('verifier'),
    readLikes: likes === true,
  };
}

/**
 * Begins an attempt: gives the address to go to and the flow's state to be saved before.
 *
 * @param likes the customer's answer to reading more of them; undefined: was not asked
 */
export async function beginAttempt(
  base: Base,
  flow: Flow,
  state: FlowState,
  connection: NetworkConnection,
  { purpose, likes }: Pick<Attempt, 'purpose' | 'likes'>,
): Promise<{ url: string; state: FlowState }> {
  const attempt: Attempt = {
    id: randomId(),
    connection: connection.name,
    purpose,
    ...(likes !== undefined && { likes }),
  };
  const { url } = await beginUpstream(base, connection, { ...ticketOf(base, flow.id, attempt), hints: hintsOf(flow) });
  return { url, state: { ...state, attempts: [...state.attempts, attempt].slice(-mostAttempts) } };
}

const hints = ['acr_values', 'display', 'login_hint', 'max_age', 'prompt', 'ui_locales'] as const;

/** What the portal asked for that a network may understand, too. */
function hintsOf({ params }: Flow): Partial<Record<(typeof hints)[number], string>> {
  return Object.fromEntries(hints.flatMap((name) => (params[name] === undefined ? [] : [[name, params[name]]])));
}
