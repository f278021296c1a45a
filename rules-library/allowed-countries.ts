import { z } from 'zod';
import type { LibraryRule } from '../server/features/rules/rules.ts';
import { isAnyoneAllowed, nobodyAllowed } from './someone-allowed.ts';

const countries = z
  .array(
    z
      .string()
      .trim()
      .toUpperCase()
      .regex(/^[A-Z]{2}$/, 'Two letters, as in ISO 3166: DE, FR, US'),
  )
  .max(250)
  .default([]);

const settings = z
  .strictObject({
    allow: countries.meta({
      title: 'Only from',
      description: 'Countries, by two letters (DE, FR, US). None: from everywhere but those below.',
    }),
    deny: countries.meta({ title: 'Never from', description: 'Countries, by two letters.' }),
    unknown: z.literal(['let_in', 'refuse']).default('let_in').meta({
      title: 'Where the country is not known',
      description:
        'Let them in or refuse them. Private networks, passwords that a portal’s server sends, and everybody where there is no file of places.',
    }),
    message: z
      .string()
      .trim()
      .min(1)
      .max(300)
      .default('You cannot sign in from this country.')
      .meta({ title: 'Message', description: 'Shown to whoever is refused.' }),
  })
  .refine(isAnyoneAllowed, nobodyAllowed);

declare const configuration: z.infer<typeof settings>;
declare const UnauthorizedError: new (message: string) => Error;

export const allowedCountries: LibraryRule = {
  id: 'allowed-countries',
  name: 'Allow and deny by country',
  card: {
    does: 'Refuses sign-ins from countries that you name, or from all but those.',
    why: 'So that a shop that sells in three countries is not tried from a hundred.',
    needs: 'A file of places of IP addresses (REGULARS_GEOIP). Whoever uses a VPN is where it is.',
    consentWhy: 'It protects the portal, and keeps nothing.',
  },
  needsConsent: null,
  callsOutside: false,
  settings,
  onFailure: 'refuse',
  deadlineMs: 500,
  run(user, context, callback) {
    const { allow, deny, unknown, message } = configuration;
    // Who came in from an allowed country stays, while a portal's server refreshes the tokens from wherever it is.
    const isSentByPortal = context.sender === 'portal';
    if (isSentByPortal && context.protocol === 'oauth2-refresh-token') return callback(null, user, context);
    const { geoip } = isSentByPortal ? {} : (context.request ?? {});
    const told =
      typeof geoip === 'object' && geoip !== null && 'country_code' in geoip ? geoip.country_code : undefined;
    const country = typeof told === 'string' ? told : undefined;
    const isAllowed =
      country === undefined
        ? unknown === 'let_in'
        : !deny.includes(country) && (allow.length === 0 || allow.includes(country));
    callback(isAllowed ? null : new UnauthorizedError(message), user, context);
  },
};
