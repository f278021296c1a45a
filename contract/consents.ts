import { z } from 'zod';

/** What a customer can allow or refuse. `enrichment`: reading more of them at a network, e.g. pages liked. */
export const consentPurpose = z.literal(['terms', 'profiling', 'enrichment', 'email', 'sms', 'referral']);
export type ConsentPurpose = z.infer<typeof consentPurpose>;
