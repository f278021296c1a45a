import type { FactorNeeded } from './factor.ts';
import type { Done } from './flow-state.ts';
import type { Recorded } from './record.ts';
import type { PageNeeded } from './resolve.ts';

/** How a run of the journey ends: the sign-in is done, or a page is needed first. */
export type Turn = { readonly done: Done } | PageNeeded | FactorNeeded;

/** Step 9: what the protocol engine is told. A page that is due now comes first; the sign-in is safe already. */
export function finish({ done }: Recorded, due: PageNeeded | undefined): Turn {
  return due ?? { done };
}
