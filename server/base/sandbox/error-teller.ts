// Runs inside the isolate, beside the drivers of rules and of actions: its text is taken as it is, and it uses nothing of
// this file but types.

/** What a script failed with; `line` of the script, from 1 on, where its stack tells one. */
export type ToldError = { name: string; message: string; line?: number };
export type Failed = { error: ToldError };

/** How errors are told: whatever scripts have thrown or called back with. */
export type ErrorTeller = {
  /** As name and message; never throws itself. */
  toldError(error: unknown): ToldError;
  /** The script whose lines alone stand in the stack of an error. */
  namedIn(error: unknown): number | undefined;
  /** Of a script; with its line, but where it has decided to refuse somebody. */
  failedWith(error: unknown, place: number): Failed;
};

/**
 * Made before foreign code runs, by strict code.
 *
 * @param files by place of the script: its name as stacks have it
 */
export function errorTeller(files: readonly string[]): ErrorTeller {
  const { stringify } = JSON;
  const { defineProperty, setPrototypeOf, apply } = Reflect;
  const { slice, includes, indexOf } = String.prototype;
  const [text, whole, objectOf] = [String, Number.parseInt, Object];
  const mostMessage = 1000;

  /** What foreign code puts into the prototype of all objects is not found here. */
  function bare<Value extends object>(value: Value): Value {
    setPrototypeOf(value, null);
    return value;
  }

  const cut = (value: unknown, most: number): string => apply(slice, text(value), [0, most]);

  /** `fetch failed` tells nothing of why. What code has taken to be a cause may be anything. */
  function withCause(message: string, error: object): string {
    try {
      const cause = 'cause' in error ? error.cause : undefined;
      const why = cut(typeof cause === 'object' && cause !== null && 'message' in cause ? cause.message : '', 500);
      return why === '' || apply(includes, message, [why]) ? message : cut(`${message} (${why})`, mostMessage);
    } catch {
      return message;
    }
  }

  function toldError(error: unknown): ToldError {
    try {
      if (typeof error === 'object' && error !== null && 'message' in error) {
        const name = 'name' in error && typeof error.name === 'string' ? error.name : 'Error';
        const message = cut(error.message, mostMessage);
        const told = name === 'UnauthorizedError' ? message : withCause(message, error);
        return bare({ name: cut(name, 100), message: told });
      }
      return bare({ name: 'Error', message: cut(typeof error === 'object' ? stringify(error) : error, mostMessage) });
    } catch {
      return bare({ name: 'Error', message: 'It failed with something that cannot be read.' });
    }
  }

  /** The line of this script that stands first in a stack; 0: none does. */
  function lineIn(stack: string, place: number): number {
    const file = `${files[place]}:`;
    const called = apply(indexOf, stack, [`(${file}`]);
    const alone = apply(indexOf, stack, [`at ${file}`]);
    if (called < 0 && alone < 0) return 0;
    const from = called >= 0 && (alone < 0 || called < alone) ? called + 1 : alone + 3;
    const line = whole(apply(slice, stack, [from + file.length]), 10);
    // A stack may be made up.
    return line > 0 && line < 1e9 ? line : 0;
  }

  function namedIn(error: unknown): number | undefined {
    try {
      const stack = text(objectOf(error).stack);
      let found: number | undefined;
      for (let place = 0; place < files.length; place += 1) {
        if (lineIn(stack, place) === 0) continue;
        if (found !== undefined) return undefined;
        found = place;
      }
      return found;
    } catch {
      return undefined;
    }
  }

  function failedWith(error: unknown, place: number): Failed {
    const told = toldError(error);
    try {
      const line = told.name === 'UnauthorizedError' ? 0 : lineIn(text(objectOf(error).stack), place);
      if (line > 0) defineProperty(told, 'line', bare({ value: line, enumerable: true }));
    } catch {
      // What reads its stack is foreign code, too.
    }
    return bare({ error: told });
  }

  return { toldError, namedIn, failedWith };
}
