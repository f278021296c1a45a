import { Problem } from '../../base/errors.ts';
import type { Customer } from '../../features/customers/customers.ts';

/**
 * Step 3: may they come in? Whoever was merged has been resolved to the living customer by now, and who was removed is
 * not found at all.
 *
 * @throws Problem `user_blocked`
 */
export function guard(customer: Customer | undefined): void {
  if (customer?.blocked) throw new Problem('user_blocked');
}
