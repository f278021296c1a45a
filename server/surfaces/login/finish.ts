import type { Decided } from '../oidc/oidc.ts';
import type { AskPage } from './ask.ts';
import type { FactorNeeded } from './factor.ts';
import type { Done } from './flow-state.ts';
import type { PageNeeded } from './found.ts';
import type { Recorded } from './record.ts';
import type { Refused } from './rules/ruling.ts';

/** How a run of the journey ends: the sign-in is done (and a page asks something before it goes on), the umbrella's own
 * code refuses it, or a page is needed first. */
export type Turn =
  | {
      readonly done: Done;
      readonly decided: Decided;
      readonly due?: AskPage | undefined;
      readonly finished: boolean;
    }
  | Refused
  | PageNeeded
  | FactorNeeded;

/** Step 9: what the protocol engine is told. A page that is due now comes first; the sign-in is safe already. */
export function finish({ done, finished }: Recorded, decided: Decided, due: AskPage | undefined): Turn {
  return { done, decided, due, finished };
}
