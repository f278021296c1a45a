import type { Decided } from '../oidc/oidc.ts';
import type { ConsentsNow } from './consents-now.ts';
import type { Found } from './found.ts';
import type { Learned } from './learn.ts';
import type { Proven } from './proven.ts';
import type { Signals } from './signals.ts';
import type { Visit } from './visit.ts';

/**
 * Step 5: the umbrella's own code, in order, outside any transaction. No rule is there yet, so nothing is decided; what
 * was decided before the sign-in was held stays.
 */
export async function rules(
  _visit: Visit,
  { decided }: Pick<Proven, 'decided'>,
  _found: Found,
  _told: Learned,
  _signals: Signals,
  _consents: ConsentsNow,
): Promise<Decided> {
  return decided ?? {};
}
