import { Problem } from '../../base/errors.ts';
import type { Caller } from './caller.ts';
import type { Route, WrittenThing } from './route.ts';
import type { Sight } from './sight.ts';

// What all brands share: who is limited to some of them does not change it for the others.
const shared: ReadonlySet<string> = new Set<WrittenThing>([
  ...(['action', 'api', 'connection', 'enrichment', 'key', 'protection', 'rule', 'umbrella'] as const),
]);

const beyond = { errorCode: 'insufficient_brands' };

/** Problem `access_denied` when somebody who is limited to brands would change what all brands share. */
export function refuseBeyondBrands({ access }: Pick<Caller, 'access'>, { audit }: Pick<Route, 'audit'>): void {
  if (access.brands === null || audit === undefined || !shared.has(audit)) return;
  throw sharedByAll();
}

/** Who is limited to brands makes no other one. Problem `access_denied` */
export function refuseNewBrand({ brands }: Pick<Sight, 'brands'>): void {
  if (brands !== null) throw new Problem('access_denied', 'You are limited to some brands.', beyond);
}

/** What belongs to the umbrella is seen by all, and changed by who is limited to no brand. Problem `access_denied` */
export function refuseShared({ brands }: Pick<Sight, 'brands'>, brand: string | null): void {
  if (brand === null && brands !== null) throw sharedByAll();
}

function sharedByAll(): Problem {
  const message = 'This is shared by all brands, and you are limited to some of them.';
  return new Problem('access_denied', message, beyond);
}
