import type { AtDoor } from '../../features/accounts/accounts.ts';
import type { Customer } from '../../features/customers/customers.ts';
import type { FlowState } from './flow-state.ts';
import type { Newcomer } from './newcomer.ts';

/** Which customer it is. */
export type Found =
  | ({ readonly kind: 'known' } & AtDoor)
  /** A new identity that belongs to this customer: both sides are proven. */
  | { readonly kind: 'joins'; readonly newcomer: Newcomer; readonly customer: Customer; readonly proof?: AtDoor }
  | { readonly kind: 'new'; readonly newcomer: Newcomer };

/** A page that is needed first, and what the flow is to remember for it. */
export type PageNeeded = { readonly page: string; readonly remember: Partial<FlowState> };
