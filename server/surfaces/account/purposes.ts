import type { ConsentPurpose } from '../../../contract/consents.ts';

/** What each purpose is called, by the keys of its words. */
export const purposeKeys: Readonly<Record<ConsentPurpose, string>> = {
  terms: 'data.purpose_terms',
  profiling: 'data.purpose_profiling',
  enrichment: 'data.purpose_enrichment',
  email: 'data.purpose_email',
  sms: 'data.purpose_sms',
  referral: 'data.purpose_referral',
};
