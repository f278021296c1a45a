import { AsyncLocalStorage } from 'node:async_hooks';

const within = new AsyncLocalStorage<number>();

/**
 * How many requests deep the work at hand was begun by the umbrella's own code: 0 for whatever comes from outside. Code
 * that runs because other code called this server must not call it in turn, or the two would never end.
 */
export function ownCallDepth(): number {
  return within.getStore() ?? 0;
}

/** Does something on behalf of code that itself runs at `depth`. */
export function asOwnCall<T>(depth: number, act: () => Promise<T>): Promise<T> {
  return within.run(depth + 1, act);
}
