import { normaliseEmail } from '../contract/email-address.ts';
import type { Source } from '../server/features/enrichment/enrichment.ts';

/** Is the address of the question the customer's, and proven? That is what rules look at before they ask by it. */
export const isProvenAddress: NonNullable<Source['holds']> = ({ email }, customer) =>
  customer.email_verified && typeof email === 'string' && normaliseEmail(email) === customer.email;
