import { z } from 'zod';
import { text } from './text.ts';

/** What a customer can allow or refuse. `enrichment`: reading more of them at a network, e.g. pages liked. */
export const consentPurpose = z.literal(['terms', 'profiling', 'enrichment', 'email', 'sms', 'referral']);
export type ConsentPurpose = z.infer<typeof consentPurpose>;

/** A part of a purpose: one newsletter, one network's likes. None: the purpose as a whole. */
export const consentTopic = text(100, 1);

/** One consent as it stands, as the API shows it. */
export const consentState = z
  .strictObject({
    brand: z.uuid().nullable(),
    purpose: consentPurpose,
    topic: consentTopic.nullable(),
    given: z.boolean(),
    version: text(100, 1),
    wording: z.string(),
    language: z.string(),
    source: z.string(),
    at: z.iso.datetime(),
  })
  .meta({ id: 'ConsentState' });
