import type { Base } from '../../../base/base.ts';
import { Problem } from '../../../base/errors.ts';
import { allows, libraryOf } from '../../../features/rules/rules.ts';
import { type Kept, saidAt } from './kept.ts';

/**
 * Refuses what a rule of the library calls for a customer who does not allow what the rule needs. Such a rule is not run
 * at all; this holds whatever code made of the pipeline.
 *
 * @throws Problem `access_denied`
 */
export function demandConsent(
  base: Pick<Base, 'settings'>,
  { brand, kept }: { readonly brand: string; readonly kept: Pick<Kept, 'consents'> },
  source: string | undefined,
): void {
  const rule = source?.startsWith('library:') ? libraryOf(base).get(source.slice('library:'.length)) : undefined;
  if (!rule || rule.needsConsent === null) return;
  if (allows(saidAt(brand, kept), rule)) return;
  throw new Problem('access_denied', 'The customer has not allowed this.');
}
