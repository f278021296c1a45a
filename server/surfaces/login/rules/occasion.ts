import type { FactorKind } from '../../../features/accounts/accounts.ts';
import type { Customer } from '../../../features/customers/customers.ts';
import type { Learned } from '../learn.ts';
import type { Signals } from '../signals.ts';
import type { Visit } from '../visit.ts';
import type { Kept } from './kept.ts';

/** One sign-in as the umbrella's own code is told of it. */
export type Occasion = {
  readonly visit: Visit;
  readonly customer: Customer;
  /** The identity that came, or that the session came from. Not there yet: it joins the customer at the end. */
  readonly subject: string | undefined;
  /** How it was proven (RFC 8176). */
  readonly amr: readonly string[];
  /** The second factor among that, if one was passed before. */
  readonly factor: FactorKind | undefined;
  /** False: this very run has seen that the customer has none. */
  readonly hasFactor?: boolean | undefined;
  /** Name of the connection. */
  readonly connection: string;
  /** False: by the session that was there. */
  readonly anew: boolean;
  readonly told: Learned;
  readonly signals: Signals;
  readonly kept: Kept;
  /** How often they have signed in, this time included. */
  readonly logins: number;
};
