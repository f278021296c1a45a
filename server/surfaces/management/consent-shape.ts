import type { z } from 'zod';
import type { consentRecord, userConsent } from '../../../contract/consents.ts';
import type { CurrentConsent, KeptConsent } from '../../features/consents/consents.ts';
import { type Sight, sees } from './sight.ts';

/** What holds now, as a user's consents and the user show it. */
export function showCurrent(one: CurrentConsent): z.infer<typeof userConsent> {
  const { brand, purpose, topic, state, version, wording, language, source, at } = one;
  return { brand, purpose, topic, state, version, wording, language, source, at: at.toISOString() };
}

/** One answer with its proof, as far as the caller may see it. */
export function showRecord(
  { id: _, subject: _subject, client, at, ip, confirmation, ...row }: KeptConsent,
  sight: Sight,
): z.infer<typeof consentRecord> {
  const seesPlace = sees(sight, 'last_ip');
  const clicked = confirmation && {
    ...confirmation,
    ip: seesPlace ? confirmation.ip : null,
    address: sees(sight, 'email') ? confirmation.address : '',
  };
  const proof = { ip: seesPlace ? ip : null, confirmation: clicked };
  return { ...row, ...proof, recorded_by: client, at: at.toISOString() };
}
