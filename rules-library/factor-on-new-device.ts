import { z } from 'zod';
import type { LibraryRule } from '../server/features/rules/rules.ts';

const settings = z.strictObject({
  newPlace: z.boolean().default(true).meta({
    title: 'At a new place, too',
    description: 'Far from everywhere they signed in before, or where nobody travels as fast.',
  }),
  withoutDevice: z.boolean().default(true).meta({
    title: 'Where no device is known, too',
    description: 'A form of a portal’s own tells no device: each sign-in by it, but the first, is asked then.',
  }),
  remember: z
    .boolean()
    .default(true)
    .meta({ title: 'Remember the device', description: 'Let them say that this device shall not be asked again.' }),
});

declare const configuration: z.infer<typeof settings>;

export const factorOnNewDevice: LibraryRule = {
  id: 'factor-on-new-device',
  name: 'Second factor on a new device',
  card: {
    does: 'Asks for a second factor when a customer signs in with a device, or at a place, that they never used before.',
    why: 'So that a stolen password alone opens nothing, and nobody is bothered at home.',
    needs:
      'Nothing is switched on for it: whoever has no second factor adds one then, whatever the umbrella asks of others. The first device of a newcomer is known. A place needs REGULARS_GEOIP.',
    consentWhy: 'It protects their own account.',
  },
  needsConsent: null,
  callsOutside: false,
  settings,
  onFailure: 'refuse',
  deadlineMs: 500,
  run(user, context, callback) {
    const of = (value: unknown, name: string) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
    const isNew = of(context.device, 'new') === true;
    const isFar = of(context.signals, 'new_place') === true || of(context.signals, 'impossible_travel') !== undefined;
    // By a form of a portal's own: whoever has the password may be anywhere. As with devices, a first sign-in is not asked.
    const isBare = context.protocol === 'oauth2-password' && context.device === undefined;
    const isFirst = of(context.stats, 'loginsCount') === 1;
    if (isNew || (configuration.newPlace && isFar) || (configuration.withoutDevice && isBare && !isFirst)) {
      context.multifactor = { provider: 'any', allowRememberBrowser: configuration.remember };
    }
    callback(null, user, context);
  },
};
