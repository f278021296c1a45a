// What rules of long ago found without `require`.
import { refusedGlobals } from '../refused-names.ts';
import { parts } from './parts.ts';
import { refusedGlobal } from './refusals.ts';
import { require } from './require.ts';

/** Defines them; each is loaded when it is first looked at. */
export function defineOldGlobals(define: (names: readonly string[], load: (name: string) => unknown) => void): void {
  const { oldGlobals, names, missing, numbers } = parts;
  // Libraries look whether a name is there: that of a package which no script means is not.
  const isMeant = (asked: string) => asked in names || asked in missing || numbers.builtins.includes(asked);
  const meant = Object.entries(oldGlobals).filter(([, asked]) => isMeant(asked));
  define(
    meant.map(([name]) => name),
    (name) => require(oldGlobals[name] ?? name),
  );
  define(refusedGlobals, refusedGlobal);
}
