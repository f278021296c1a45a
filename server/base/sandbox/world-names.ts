// What is known of names in code of rules and actions without making a world for it: read where code is judged.
import { oldGlobals } from './world/old-globals.ts';
import { insteadOf } from './world/packages.ts';

export { refusalOf, refusedGlobals } from './world/refused-names.ts';
export { refusedRequires } from './world/refused-requires.ts';

/** The sentence about what code gets in place of a global of rules of long ago; undefined: it gets that, or nothing. */
export function insteadOfGlobal(name: string): string | undefined {
  return Object.hasOwn(oldGlobals, name) ? insteadOf(name) : undefined;
}
