import type { Base } from '../../base/base.ts';
import type { JsonObject } from '../../base/json.ts';
import { allows } from './consent-needed.ts';
import { pipeline } from './pipeline.ts';

/**
 * The rules of the library that are on and go on without a failure, which the customer's consents let run now and did not
 * before: by id, in their order.
 *
 * @param before `context` of a rule, as far as `brand` and `consents`; `now` likewise
 */
export async function rulesNewlyAllowed(
  base: Pick<Base, 'db' | 'settings' | 'vault'>,
  before: JsonObject,
  now: JsonObject,
): Promise<string[]> {
  const { rules = [] } = (await pipeline(base)) ?? {};
  return rules
    .filter(({ onFailure, needs }) => onFailure === 'go_on' && needs && allows(now, needs) && !allows(before, needs))
    .map(({ id }) => id);
}
