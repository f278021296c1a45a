import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import type { Found, PageNeeded } from './found.ts';
import { hold, openHeld, sealHeld, takeUp } from './held.ts';
import type { Proven } from './proven.ts';
import { pagesOf, type Visit } from './visit.ts';

/** Somebody who was held back and says that they keep the account: what they proved before the question holds. */
export type KeptDoor = { readonly by: 'kept' };

/**
 * Step 3, too: who asked to be erased is asked whether to keep the account, before anything of this sign-in is learned.
 * That they keep it is written with the sign-in (step 7), so a second factor that is asked for comes before.
 *
 * @returns the page that asks; undefined for everybody else, and for who has said that they keep it
 */
export function holdBack(base: Base, visit: Visit, proven: Proven, found: Found): PageNeeded | undefined {
  if (found.kind === 'new' || !found.customer.erase_at || proven.keeps) return undefined;
  // Their sessions have ended. One that has not been told yet is no proof that they are back.
  if (!proven.anew) throw new Problem('flow_expired');
  const { page } = visit;
  if (!page) return { page: 'keep', remember: {} };
  const sealed = sealHeld(base, page.flow.id, hold(proven, found));
  const { erase_at, attributes } = found.customer;
  const leaving = { sealed, eraseAt: erase_at.toISOString(), zone: attributes.zoneinfo };
  return { page: 'keep', remember: { leaving, mailed: undefined, conflict: undefined, choice: undefined } };
}

/** Who was proven before the question. Throws Problem `flow_expired` when nobody is held back here. */
export async function proveKept(base: Base, visit: Visit): Promise<Proven> {
  const { flow, state } = pagesOf(visit);
  if (!state.leaving) throw new Problem('flow_expired');
  return { ...(await takeUp(base, openHeld(base, flow.id, state.leaving.sealed))), keeps: true };
}
