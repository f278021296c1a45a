// The one list of library rules, in the order in which people read it; and of the services that they call.
import type { Source } from '../server/features/enrichment/enrichment.ts';
import type { LibraryRules } from '../server/features/rules/rules.ts';
import { allowedCountries } from './allowed-countries.ts';
import { allowedDomains } from './allowed-domains.ts';
import { birthday } from './birthday.ts';
import { crmUpsert, crmUpsertSource } from './crm-upsert.ts';
import { factorOnNewDevice } from './factor-on-new-device.ts';
import { firstSignInWebhook, firstSignInWebhookSource } from './first-sign-in-webhook.ts';
import { firstSource } from './first-source.ts';
import { fullContact, fullContactSource } from './fullcontact.ts';
import { incomeByArea } from './income-by-area.ts';
import { interests } from './interests.ts';
import { linkHint } from './link-hint.ts';
import { names } from './names.ts';
import { openingHours } from './opening-hours.ts';
import { pictureFallback } from './picture-fallback.ts';
import { place } from './place.ts';
import { rolesInTokens } from './roles-in-tokens.ts';
import { signInMilestones } from './sign-in-milestones.ts';
import { verifiedEmail } from './verified-email.ts';
import { welcomeMark } from './welcome-mark.ts';

export const libraryRules: LibraryRules = [
  // What is known of a customer.
  incomeByArea,
  fullContact,
  place,
  birthday,
  names,
  interests,
  pictureFallback,
  firstSource,
  // What a portal is told.
  welcomeMark,
  signInMilestones,
  linkHint,
  rolesInTokens,
  // Who comes in.
  allowedCountries,
  allowedDomains,
  openingHours,
  verifiedEmail,
  factorOnNewDevice,
  // Who else is told.
  firstSignInWebhook,
  crmUpsert,
];

export const librarySources: readonly Source[] = [fullContactSource, firstSignInWebhookSource, crmUpsertSource];
