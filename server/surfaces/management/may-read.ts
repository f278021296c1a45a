import type { Caller } from './caller.ts';

/** May the caller read this attribute of customers: see it, and find, filter and sort by it? */
export type MayRead = (attribute: string) => boolean;

/** Machines may read every attribute, as at Auth0: what they may do is in their scopes. */
export function mayRead(_caller: Caller): MayRead {
  return () => true;
}
