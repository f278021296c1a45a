import type { Base } from '../../base/base.ts';
import { mailConsentLink } from '../../features/accounts/accounts.ts';
import type { Answering, PostConfirmation } from '../../features/consents/consents.ts';
import type { Entered } from './enter.ts';
import type { EarlyConsents } from './flow-state.ts';
import type { Found } from './found.ts';
import type { Visit } from './visit.ts';

/** Mails the links of a double opt-in in the clothes and the language of the visit. */
export function postConfirmation(base: Base, { brand, language }: Pick<Visit, 'brand' | 'language'>): PostConfirmation {
  return (tx, letter) => mailConsentLink(base, tx, { ...letter, asked: { brand, language } });
}

/** What was answered on the sign-up page, where it is that sign-up which now makes or joins a customer. */
export function earlyConsents({ page }: Visit, found: Found): EarlyConsents | undefined {
  return found.kind !== 'known' && found.newcomer.kind === 'sign_up' ? page?.state.consents : undefined;
}

/** How those answers are told: as said then and there. */
export function answeringEarly(
  base: Base,
  visit: Visit,
  { customer, subject }: Entered,
  { ip, at }: EarlyConsents,
): Answering {
  const { brand, portal } = visit;
  const how = { source: 'sign_up', portal: portal.client_id, ip, at: new Date(at) } as const;
  return { ...how, customer: customer.id, subject, brand, isNewcomer: true, post: postConfirmation(base, visit) };
}
