import type { Base } from '../../base/base.ts';
import { type CurrentConsent, currentConsents } from '../../features/consents/consents.ts';
import type { Found } from './found.ts';

/** What the customer allows and refuses now. */
export type ConsentsNow = () => Promise<readonly CurrentConsent[]>;

/**
 * For rules: what was kept before this sign-in, in every brand; what is said during it is kept in step 7 only. It is read
 * once, and only where rules or actions are on: all of them are told.
 */
export function consentsNow({ db }: Pick<Base, 'db'>, found: Found): ConsentsNow {
  let reading: Promise<readonly CurrentConsent[]> | undefined;
  return () => {
    reading ??= found.kind === 'new' ? Promise.resolve([]) : currentConsents(db, found.customer.id);
    return reading;
  };
}
