import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { type AtDoor, signInWithPassword } from '../../features/accounts/accounts.ts';
import { findBySubject } from '../../features/customers/customers.ts';
import type { Conflict } from './flow-state.ts';
import { stillAt } from './held.ts';
import { type Newcomer, openNewcomer } from './newcomer.ts';
import { passwordConnectionOf } from './portal-connections.ts';
import type { Proven } from './proven.ts';
import { askedBy, pagesOf, type Visit } from './visit.ts';

// How a conflict is settled: the account is proven to be theirs too, or the newcomer stays apart. Who the newcomer is
// and which accounts come into question stands in the flow's row; the browser hands over the proof alone.

/** The open conflict of this flow and its newcomer. Throws Problem `flow_expired` when there is none. */
export function conflictOf(base: Base, visit: Visit): { conflict: Conflict; newcomer: Newcomer } {
  const { flow, state } = pagesOf(visit);
  if (!state.conflict) throw new Problem('flow_expired');
  return { conflict: state.conflict, newcomer: openNewcomer(base.vault, flow.id, state.conflict.newcomer) };
}

/**
 * The account was proven by a way of its own: the newcomer belongs to its customer, if the conflict is about that one.
 *
 * @throws Problem `access_denied` (extra: text) when it is another
 */
export function settledByAccount(base: Base, visit: Visit, owner: AtDoor | undefined, how: readonly string[]): Proven {
  const { conflict } = conflictOf(base, visit);
  const fits = owner !== undefined && conflict.candidates.includes(owner.customer.id);
  if (!fits) throw new Problem('access_denied', undefined, { text: 'conflict.not_this' });
  return settledByOwners(base, visit, [owner], how);
}

/**
 * The conflict's address was proven to be theirs: so are the accounts that it opens. Of several one is to be chosen.
 *
 * @throws Problem `access_denied` (extra: text) when it opens none
 */
export function settledByOwners(base: Base, visit: Visit, owners: readonly AtDoor[], how: readonly string[]): Proven {
  const { conflict, newcomer } = conflictOf(base, visit);
  const [only, another] = owners;
  if (!only) throw new Problem('access_denied', undefined, { text: 'conflict.not_by_mail' });
  const proven = together(conflict, newcomer, how);
  if (another) return { ...proven, who: { kind: 'several', address: conflict.address, owners } };
  return { ...proven, who: { kind: 'newcomer', newcomer, settled: only } };
}

/** By the password of the account that holds the conflict's address: the browser does not say whose it is. */
export async function proveByPasswordOfConflict(base: Base, visit: Visit, password: string): Promise<Proven> {
  const { conflict } = conflictOf(base, visit);
  const { name: connection } = await passwordConnectionOf(base, visit.portal);
  const door = { connection, identifier: conflict.address, password, asked: askedBy(visit) };
  return settledByAccount(base, visit, await signInWithPassword(base, door), ['pwd']);
}

/** One of the profiles that share the proven address. */
export async function proveByProfile(base: Base, visit: Visit, number: number): Promise<Proven> {
  const { state } = pagesOf(visit);
  const chosen = state.choice?.owners[number];
  if (!state.choice || !chosen) throw new Problem('flow_expired');
  const customer = stillAt(await findBySubject(base.db, chosen.subject), chosen.customer, chosen.era);
  const owner = { customer, subject: chosen.subject };
  const { amr } = state.choice;
  if (state.conflict) {
    const { conflict, newcomer } = conflictOf(base, visit);
    return { ...together(conflict, newcomer, amr), who: { kind: 'newcomer', newcomer, settled: owner } };
  }
  const { name: connection } = await passwordConnectionOf(base, visit.portal);
  return { who: { kind: 'known', ...owner }, amr, connection, anew: true, welcome: true };
}

/** The newcomer gets a profile of their own. */
export function settleApart(base: Base, visit: Visit): Proven {
  const { conflict, newcomer } = conflictOf(base, visit);
  return { ...together(conflict, newcomer, []), who: { kind: 'newcomer', newcomer, settled: 'apart' } };
}

/** The newcomer was proven before, by what they came with, and now this. */
function together({ amr }: Conflict, newcomer: Newcomer, andNow: readonly string[]): Omit<Proven, 'who'> {
  const common = { amr: [...new Set([...amr, ...andNow])], anew: true, welcome: true };
  if (newcomer.kind !== 'network') return { ...common, connection: newcomer.connection };
  return { ...common, connection: newcomer.told.connection, told: newcomer.told };
}
