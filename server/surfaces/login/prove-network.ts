import type { Base } from '../../base/base.ts';
import { finishUpstream } from '../../features/connections/connections.ts';
import { findIdentity } from '../../features/customers/customers.ts';
import type { Attempt } from './flow-state.ts';
import { ticketOf } from './network-attempt.ts';
import type { Told } from './newcomer.ts';
import { networkOf } from './portal-connections.ts';
import { settledByAccount } from './prove-conflict.ts';
import type { Proven } from './proven.ts';
import { pagesOf, type Visit } from './visit.ts';

/** What a network sent back through the browser, as it was parsed. */
export type NetworkParams = Readonly<Record<string, unknown>>;

/** Exchanges what the network sent back and looks whose identity that is. */
export async function proveByNetwork(
  base: Base,
  visit: Visit,
  { attempt, params }: { attempt: Attempt; params: NetworkParams },
): Promise<Proven> {
  const { flow } = pagesOf(visit);
  const connection = await networkOf(base, visit.portal, attempt.connection);
  const answer = await finishUpstream(base, connection, { ...ticketOf(base, flow.id, attempt), params });
  const known = await findIdentity(base.db, connection.name, answer.userId);
  const owner = known && { customer: known.customer, subject: known.identity.subject };
  if (attempt.purpose === 'conflict') return settledByAccount(base, visit, owner, ['fed']);

  const told: Told = { connection: connection.name, answer, likes: attempt.likes };
  const common = { amr: ['fed'], connection: connection.name, told, anew: true, welcome: true };
  if (owner) return { ...common, who: { kind: 'known', ...owner } };
  return { ...common, who: { kind: 'newcomer', newcomer: { kind: 'network', told } } };
}
