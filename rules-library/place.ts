import { z } from 'zod';
import type { LibraryRule, RegularsForRules } from '../server/features/rules/rules.ts';

const settings = z.strictObject({
  city: z
    .boolean()
    .default(true)
    .meta({ title: 'Keep the city', description: 'Off: the country and the time zone alone.' }),
  confidence: z
    .number()
    .min(0.05)
    .max(1)
    .default(0.6)
    .meta({ title: 'Confidence', description: 'How sure a place of an IP address is, from 0 to 1.' }),
});

declare const configuration: z.infer<typeof settings>;
declare const regulars: RegularsForRules;

export const place: LibraryRule = {
  id: 'place',
  name: 'Country, city and time zone',
  card: {
    does: 'Keeps from which country and city a customer signs in, and the time zone that holds there.',
    why: 'So that messages come at a good hour and shops nearby are shown first.',
    needs:
      'A file of places of IP addresses (REGULARS_GEOIP). A time zone that the customer told goes before this one.',
    consentWhy: 'It keeps where the customer is.',
  },
  needsConsent: 'profiling',
  callsOutside: false,
  settings,
  tells: {
    from: {
      en: 'from where you signed in',
      de: 'aus dem Ort Ihrer Anmeldung',
      es: 'del lugar desde el que iniciaste sesión',
      fr: 'du lieu de votre connexion',
    },
    values: [
      {
        path: 'app_metadata.country',
        labels: { en: 'Country', de: 'Land', es: 'País', fr: 'Pays' },
        type: 'country',
      },
      {
        path: 'app_metadata.city',
        labels: { en: 'City', de: 'Stadt', es: 'Ciudad', fr: 'Ville' },
      },
    ],
  },
  onFailure: 'go_on',
  deadlineMs: 1000,
  async run(user, context, callback) {
    // A refresh is no visit, and what a portal's server sends comes from where that server is.
    if (context.protocol === 'oauth2-refresh-token' || context.sender === 'portal')
      return callback(null, user, context);
    const { geoip } = context.request ?? {};
    if (typeof geoip !== 'object' || geoip === null || Array.isArray(geoip)) return callback(null, user, context);
    const { confidence } = configuration;
    const facts = [];
    if (geoip.country_code) facts.push({ path: 'app_metadata.country', value: geoip.country_code, confidence });
    if (configuration.city && geoip.city_name) {
      facts.push({ path: 'app_metadata.city', value: geoip.city_name, confidence });
    }
    if (geoip.time_zone) facts.push({ path: 'zoneinfo', value: geoip.time_zone, confidence });
    for (const { path, value } of facts) {
      if (path === 'zoneinfo') user.zoneinfo ??= value;
      else user.app_metadata = { ...user.app_metadata, [path.slice('app_metadata.'.length)]: value };
    }
    if (facts.length > 0) await regulars.learn(facts);
    callback(null, user, context);
  },
};
