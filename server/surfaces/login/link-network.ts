import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { randomId } from '../../base/ids.ts';
import { beginUpstream, buttonOf, finishUpstream } from '../../features/connections/connections.ts';
import { appendTimeline, findIdentity } from '../../features/customers/customers.ts';
import { enter } from './enter.ts';
import { holdOwner, isOwners, keepJoining, type Owner } from './join-accounts.ts';
import { learn } from './learn.ts';
import { linkFlow, ticketOf } from './network-attempt.ts';
import { keepNote, takeNote } from './network-notes.ts';
import { networkOf } from './portal-connections.ts';
import type { NetworkParams } from './prove-network.ts';
import type { Visit } from './visit.ts';

// A customer who is signed in adds a network to their account. What is asked for is kept on our side under the state,
// bound to the session and the customer; the browser hands over only what the network gave it.

const asked = z.object({ connection: z.string(), customer: z.string(), session: z.string() });
const noteSeconds = 600;

/** The address to go to. Throws Problem `access_denied` (not offered here), `network_failed`. */
export async function beginLink(
  base: Base,
  visit: Visit,
  owner: Owner,
  name: string,
): Promise<{ url: string; label: string }> {
  const connection = await networkOf(base, visit.portal, name);
  const id = randomId();
  const note = { connection: name, customer: owner.customer.id, session: owner.session };
  await keepNote(base, note, noteSeconds, id);
  const ticket = ticketOf(base, linkFlow, { id, connection: name, purpose: 'sign_in' });
  return { ...(await beginUpstream(base, connection, ticket)), label: buttonOf(connection).label };
}

/** How it ended: the network opens the account now, did before, or opens another one that could be joined. */
export type LinkOutcome =
  | { kind: 'linked' | 'already'; name: string }
  | { kind: 'others'; name: string; handle: string };

/**
 * Takes what the network sent back.
 *
 * @param attemptId from the state
 * @throws Problem `flow_expired` (not asked for by this session, or looked at before), `network_failed`,
 *   `network_refused`, `user_blocked` (the other account)
 */
export async function finishLink(
  base: Base,
  visit: Visit,
  owner: Owner,
  { attemptId, params }: { attemptId: string; params: NetworkParams },
): Promise<LinkOutcome> {
  const note = asked.safeParse(await takeNote(base, attemptId));
  if (!note.success || !isOwners(note.data, owner)) throw new Problem('flow_expired');
  const connection = await networkOf(base, visit.portal, note.data.connection);
  const { name: connectionName } = connection;
  const ticket = ticketOf(base, linkFlow, { id: attemptId, connection: connectionName, purpose: 'sign_in' });
  const answer = await finishUpstream(base, connection, { ...ticket, params });
  const known = await findIdentity(base.db, connectionName, answer.userId);
  const name = buttonOf(connection).label;
  if (known?.customer.id === owner.customer.id) return { kind: 'already', name };
  if (known?.customer.blocked) throw new Problem('user_blocked');
  if (known) return { kind: 'others', name, handle: await keepJoining(base, owner, known.customer, name) };

  const told = { connection: connectionName, answer };
  const found = { kind: 'joins', newcomer: { kind: 'network', told }, customer: owner.customer, proof: owner } as const;
  const proven = { who: { kind: 'known', ...owner }, amr: [], connection: connectionName, told, anew: true } as const;
  const learned = await learn(base, visit, { ...proven, welcome: true }, found);
  await transact(base.db, async (tx) => {
    await holdOwner(tx, owner);
    const { subject } = await enter(base, tx, visit, found, learned);
    await appendTimeline(tx, [{ ...rowOf(visit), subject, name: 'linked', data: { connection: connectionName } }]);
  });
  return { kind: 'linked', name };
}

function rowOf({ brand, portal, at, ip, userAgent }: Visit) {
  const common = { brand: brand.id, portal: portal.client_id, ip, userAgent, occurredAt: at };
  return { ...common, class: 'profile' as const, source: 'account' };
}
