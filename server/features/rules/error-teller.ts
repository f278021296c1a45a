// Runs inside the isolate, as the driver does: its text is taken as it is, and it uses nothing of this file but types.

import type { DriverError, DriverPlan } from './driven.ts';

export type Failed = { error: DriverError };

/** How errors are told: whatever scripts have thrown or called back with. */
export type ErrorTeller = {
  /** As name and message; never throws itself. */
  toldError(error: unknown): { name: string; message: string };
  /** The rule whose lines alone stand in the stack of an error. */
  namedIn(error: unknown): number | undefined;
  /** Of a rule; with its line, but where it has decided to refuse somebody. */
  failedWith(error: unknown, place: number): Failed;
};

/** Made before foreign code runs. */
export function errorTeller({ rules }: Pick<DriverPlan, 'rules'>): ErrorTeller {
  const { stringify } = JSON;
  const { defineProperty, setPrototypeOf, apply } = Reflect;
  const { slice, includes, indexOf } = String.prototype;
  const [text, whole] = [String, Number.parseInt];

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
      return why === '' || apply(includes, message, [why]) ? message : `${message} (${why})`;
    } catch {
      return message;
    }
  }

  function toldError(error: unknown): { name: string; message: string } {
    try {
      if (typeof error === 'object' && error !== null && 'message' in error) {
        const name = 'name' in error && typeof error.name === 'string' ? error.name : 'Error';
        const message = cut(error.message, 1000);
        return { name: cut(name, 100), message: name === 'UnauthorizedError' ? message : withCause(message, error) };
      }
      return { name: 'Error', message: cut(typeof error === 'object' ? stringify(error) : error, 1000) };
    } catch {
      return { name: 'Error', message: 'It failed with something that cannot be read.' };
    }
  }

  /** The line of this rule that stands first in a stack; 0: none does. */
  function lineIn(stack: string, place: number): number {
    const file = `${rules[place]?.name}.js:`;
    const called = apply(indexOf, stack, [`(${file}`]);
    const alone = apply(indexOf, stack, [`at ${file}`]);
    if (called < 0 && alone < 0) return 0;
    const from = called >= 0 && (alone < 0 || called < alone) ? called + 1 : alone + 3;
    return whole(apply(slice, stack, [from + file.length]), 10) || 0;
  }

  function namedIn(error: unknown): number | undefined {
    try {
      const stack = text(Object(error).stack);
      let found: number | undefined;
      for (let place = 0; place < rules.length; place += 1) {
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
    const told: DriverError = toldError(error);
    try {
      const line = told.name === 'UnauthorizedError' ? 0 : lineIn(text(Object(error).stack), place);
      if (line > 0) defineProperty(told, 'line', bare({ value: line, enumerable: true }));
    } catch {
      // What reads its stack is foreign code, too.
    }
    return bare({ error: told });
  }

  return { toldError, namedIn, failedWith };
}
