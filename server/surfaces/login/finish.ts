import type { AskPage } from './ask.ts';
import type { FactorNeeded } from './factor.ts';
import type { Done } from './flow-state.ts';
import type { PageNeeded } from './found.ts';
import type { Recorded } from './record.ts';

/** How a run of the journey ends: the sign-in is done (and a page asks something before it goes on), or a page is
 * needed first. */
export type Turn =
  | { readonly done: Done; readonly due?: AskPage | undefined; readonly finished: boolean }
  | PageNeeded
  | FactorNeeded;

/** Step 9: what the protocol engine is told. A page that is due now comes first; the sign-in is safe already. */
export function finish({ done, finished }: Recorded, due: AskPage | undefined): Turn {
  return { done, due, finished };
}
