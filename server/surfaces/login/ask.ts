import type { Recorded } from './record.ts';
import type { PageNeeded } from './resolve.ts';
import type { Visit } from './visit.ts';

/** Step 8: the consent or the question that is due now; the sign-in is already safe. Nothing is due yet. */
export async function ask(_visit: Visit, _recorded: Recorded): Promise<PageNeeded | undefined> {
  return undefined;
}
