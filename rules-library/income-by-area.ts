import { z } from 'zod';
import { areaIncomeInWords } from '../contract/library-values.ts';
import type { LibraryRule, RegularsForRules } from '../server/features/rules/rules.ts';

const settings = z.strictObject({
  confidence: z.number().min(0.05).max(0.5).default(0.2).meta({
    title: 'Confidence',
    description: 'How much the estimate counts, from 0 to 1. It says what an area earns, not who signs in there.',
  }),
});

declare const configuration: z.infer<typeof settings>;
declare const regulars: RegularsForRules;

export const incomeByArea: LibraryRule = {
  id: 'income-by-area',
  name: 'Household income by area',
  card: {
    does: 'Keeps the median household income of the ZIP area that the IP address is in, as an estimate of the area.',
    why: 'So that a newcomer from an area of higher or lower incomes sees a range of prices that fits.',
    needs:
      'A file of places of IP addresses (REGULARS_GEOIP) and the table of incomes: `regulars data income <file>`. United States only.',
    consentWhy: 'It keeps an estimate by where the customer is.',
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
        path: 'app_metadata.income_area',
        labels: {
          en: 'Household income of the area',
          de: 'Haushaltseinkommen der Gegend',
          es: 'Ingresos por hogar de la zona',
          fr: 'Revenu des ménages du secteur',
        },
        inWords: areaIncomeInWords,
      },
    ],
  },
  onFailure: 'go_on',
  deadlineMs: 2000,
  async run(user, context, callback) {
    // A refresh is no visit, and what a portal's server sends comes from where that server is.
    if (context.protocol === 'oauth2-refresh-token' || context.sender === 'portal')
      return callback(null, user, context);
    const { geoip } = context.request ?? {};
    if (typeof geoip !== 'object' || geoip === null || Array.isArray(geoip)) return callback(null, user, context);
    const { country_code, postal_code, latitude, longitude } = geoip;
    const where = {
      ...(typeof country_code === 'string' && { country: country_code }),
      ...(typeof postal_code === 'string' && { postal_code }),
      ...(typeof latitude === 'number' && typeof longitude === 'number' && { latitude, longitude }),
    };
    const found = await regulars.call('area_income', where);
    if (typeof found !== 'object' || found === null || Array.isArray(found)) return callback(null, user, context);
    const { code, median_income = null, by = null, bound = null } = found;
    const area = {
      area: `ZIP ${code}`,
      median_household_income: median_income,
      currency: 'USD',
      estimate_of: 'the area, not the person',
      found_by: by,
      ...(bound !== null && { bound }),
    };
    user.app_metadata = { ...user.app_metadata, income_area: area };
    await regulars.learn([{ path: 'app_metadata.income_area', value: area, confidence: configuration.confidence }]);
    callback(null, user, context);
  },
};
