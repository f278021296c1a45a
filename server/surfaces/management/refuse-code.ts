import { allowsAll } from '../../../contract/path-rule.ts';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { libraryOf, namesOutside } from '../../features/rules/rules.ts';
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
 * Is it a rule of the library that tells nobody outside anything and guards no door? Whoever may write rules may switch such
 * a one on and off, fill in its form and remove it; where another one sends what it knows, or has browsers send it, stands in
 * its form, which is as good as code, and without one that refuses people come in who should not.
 */
export function isHarmless(base: Base, library: string | null): boolean {
  const found = library === null ? undefined : libraryOf(base).get(library);
  return found?.callsOutside === false && found.onFailure === 'go_on' && namesOutside(found).length === 0;
}

/** The same of one that is here: where its failure refuses the sign-in, its form decides who comes in. */
export function isHarmlessHere(base: Base, present: { library: string | null; on_failure: string }): boolean {
  return present.on_failure === 'go_on' && isHarmless(base, present.library);
}

/** What happens to everybody's sign-in, whichever rule it is: that is for those who may write code. */
export function decidesForAll(body: object): boolean {
  return ['on_failure', 'deadline_ms', 'order'].some((name) => Object.hasOwn(body, name));
}
