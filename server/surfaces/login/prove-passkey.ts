import type { UsedPasskey } from '../../../contract/passkeys.ts';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { multiFactorAcr, type PasskeyUse, recordUse, signInWithPasskey } from '../../features/accounts/accounts.ts';
import type { Flow } from '../oidc/oidc.ts';
import { offerOf, offersPasskeys } from './portal-connections.ts';
import { conflictOf, settledByAccount } from './prove-conflict.ts';
import type { Proven } from './proven.ts';
import { waitingFlow } from './second-ways.ts';
import { askedBy, pagesOf, type Visit } from './visit.ts';

/** What a passkey does on the sign-in page of this flow. */
export function signInUse({ id }: Pick<Flow, 'id'>): PasskeyUse {
  return { purpose: 'sign_in', whose: id };
}

/** What it does on the page about a conflict: its answer is good for that one alone. */
export function conflictUse(base: Base, visit: Visit): PasskeyUse {
  return { purpose: 'proof', whose: JSON.stringify([pagesOf(visit).flow.id, conflictOf(base, visit).conflict.nonce]) };
}

/** What it does on the pages of the second step: it is one of whoever waits there, and good for this waiting alone. */
export function secondUse(visit: Visit, customer: string): PasskeyUse {
  return { purpose: 'factor', whose: waitingFlow(visit), customer };
}

/**
 * The second step by a passkey of the customer who waits. After a passkey another touch of one proves nothing more,
 * unless it verifies who holds it.
 *
 * @param first how the first step was proven
 * @returns how the second was
 * @throws Problem `passkey_refused`, `passkey_expired`, `access_denied` (no passkeys here), `too_many_attempts`
 */
export async function secondByPasskey(
  base: Base,
  visit: Visit,
  first: { customer: string; amr: readonly string[] },
  used: UsedPasskey,
): Promise<string[]> {
  if (!offersPasskeys(base, await offerOf(base, visit.portal)))
    throw new Problem('access_denied', undefined, { text: 'problem.network_unknown' });
  const proof = await signInWithPasskey(base, { ...secondUse(visit, first.customer), used, asked: askedBy(visit) });
  const { subject, methodId, counter, amr } = proof;
  const cameByPasskey = first.amr.some((how) => how === 'hwk' || how === 'swk');
  if (cameByPasskey && !proof.isMultiFactor) throw new Problem('passkey_refused');
  await recordUse(base.db, { subject, methodId, counter, at: visit.at });
  return [...new Set([...amr, 'mfa'])];
}

/** The account that a conflict is about, by its passkey. */
export async function proveByPasskeyOfConflict(base: Base, visit: Visit, used: UsedPasskey): Promise<Proven> {
  const proof = await signInWithPasskey(base, { ...conflictUse(base, visit), used, asked: askedBy(visit) });
  const { customer, subject, methodId, counter } = proof;
  await recordUse(base.db, { subject, methodId, counter, at: visit.at });
  const settled = settledByAccount(base, visit, { customer, subject }, proof.amr);
  return { ...settled, isMultiFactor: proof.isMultiFactor };
}

/** By a passkey: it says itself whose it is. It opens what its identity opens: a portal that offers the connection. */
export async function proveByPasskey(base: Base, visit: Visit, used: UsedPasskey): Promise<Proven> {
  const { flow } = pagesOf(visit);
  const device = visit.device?.cookieHash;
  const proof = await signInWithPasskey(base, { ...signInUse(flow), used, asked: askedBy(visit), device });
  const { customer, subject, ...how } = proof;
  const offer = await offerOf(base, visit.portal);
  const isHere = [offer.store, ...offer.networks].some((connection) => connection?.name === proof.connection);
  if (!isHere || !offersPasskeys(base, offer))
    throw new Problem('access_denied', undefined, { text: 'problem.network_unknown' });
  const acr = how.isMultiFactor ? multiFactorAcr : undefined;
  return { ...how, acr, who: { kind: 'known', customer, subject }, anew: true, welcome: true };
}
