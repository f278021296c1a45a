import type { z } from 'zod';
import type { consentRecord, userConsent } from '../../../contract/consents.ts';
import type { CurrentConsent, KeptConsent } from '../../features/consents/consents.ts';

/** What holds now, as a user's consents and the user show it. */
export function showCurrent(one: CurrentConsent): z.infer<typeof userConsent> {
  const { brand, purpose, topic, state, version, wording, language, source, at } = one;
  return { brand, purpose, topic, state, version, wording, language, source, at: at.toISOString() };
}

/** One answer with its proof. */
export function showRecord({
  id: _,
  subject: _subject,
  client,
  at,
  ...row
}: KeptConsent): z.infer<typeof consentRecord> {
  return { ...row, recorded_by: client, at: at.toISOString() };
}
