import type { Customer } from '../customers/customers.ts';

/** A customer at the door, and as which of their subjects. */
export type AtDoor = { readonly customer: Customer; readonly subject: string };
