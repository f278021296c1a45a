import type { Decided } from '../../oidc/oidc.ts';
import type { Found } from '../found.ts';
import type { Learned } from '../learn.ts';
import type { Proven } from '../proven.ts';
import type { Signals } from '../signals.ts';
import type { Refusal } from './outcome.ts';

/** What the steps before have found out. */
export type Ruling = {
  readonly proven: Proven;
  readonly found: Found;
  readonly told: Learned;
  readonly signals: Signals;
};

/** What goes on from here: somebody new is a customer by now, and of what was told the rest is still to be written. */
export type Ruled = Pick<Ruling, 'proven' | 'found' | 'told'> & { readonly decided: Decided };

/** The umbrella's own code says no; the portal is told. */
export type Refused = { readonly refused: Refusal };
