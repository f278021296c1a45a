import type { Consent } from './api.ts';

/** When customers are asked, in a few words. */
export function askedWhen({ at_sign_up, in_journey }: Pick<Consent, 'at_sign_up' | 'in_journey'>): string {
  if (at_sign_up) return in_journey ? 'At sign-up, and after a sign-in' : 'At sign-up';
  return in_journey ? 'After a sign-in' : 'By a question, or in the account';
}
