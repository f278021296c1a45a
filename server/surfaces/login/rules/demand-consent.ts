import type { Base } from '../../../base/base.ts';
import { Problem } from '../../../base/errors.ts';
import { allows, libraryOf } from '../../../features/rules/rules.ts';
import type { ConsentsNow } from '../consents-now.ts';

/**
 * Refuses what a rule of the library calls for a customer who does not allow what the rule needs. Such a rule is not run
 * at all; this holds whatever code made of the pipeline.
 *
 * @throws Problem `access_denied`
 */
export async function demandConsent(
  base: Pick<Base, 'settings'>,
  { brand: here, consents }: { readonly brand: string; readonly consents: ConsentsNow },
  source: string | undefined,
): Promise<void> {
  const rule = source?.startsWith('library:') ? libraryOf(base).get(source.slice('library:'.length)) : undefined;
  if (!rule || rule.needsConsent === null) return;
  const said = (await consents()).map(({ brand, purpose, topic, state }) => ({ brand, purpose, topic, state }));
  if (allows({ brand: { id: here }, consents: said }, rule)) return;
  throw new Problem('access_denied', 'The customer has not allowed this.');
}
