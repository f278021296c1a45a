import { allowsAll } from '../../../contract/path-rule.ts';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { libraryOf } from '../../features/rules/rules.ts';
import type { Sight } from './sight.ts';

/**
 * Code that runs at sign-in is handed every customer whole and may write what it likes: who writes it must be allowed
 * all of that.
 *
 * @throws Problem `access_denied`
 */
export function refuseCode({ read, write, brands }: Pick<Sight, 'read' | 'write' | 'brands'>): void {
  if (brands === null && allowsAll(read) && allowsAll(write)) return;
  const message = 'Code sees and writes every attribute of every customer, so who writes it must be allowed to.';
  throw new Problem('access_denied', message, { errorCode: 'insufficient_attributes' });
}

/**
 * Is it a rule of the library that sends nothing outside and guards no door? Whoever may write rules may switch such a one
 * on and off, fill in its form and remove it; where another one sends what it knows stands in its form, which is as good as
 * code, and without one that refuses people come in who should not.
 */
export function isHarmless(base: Base, library: string | null): boolean {
  const found = library === null ? undefined : libraryOf(base).get(library);
  return found?.callsOutside === false && found.onFailure === 'go_on';
}
