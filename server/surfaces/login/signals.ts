import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { kilometresBetween, type Place } from '../../base/geo.ts';
import type { JsonObject } from '../../base/json.ts';
import { type Usual, usualOf } from '../../features/customers/customers.ts';
import type { Found } from './found.ts';
import type { Proven } from './proven.ts';
import type { Visit } from './visit.ts';

/** What the device and the IP address say about this sign-in, compared with the customer's earlier ones. */
export type Signals = {
  /** Where the IP address is. */
  readonly place?: Place | undefined;
  /** They never signed in with this device; undefined where there is no browser, or no earlier sign-in. */
  readonly newDevice?: boolean | undefined;
  /** It is far from everywhere they signed in; undefined where no places are known. */
  readonly newPlace?: boolean | undefined;
  /** The last sign-in was so far away, so lately, that nobody travels as fast. */
  readonly impossibleTravel?: { readonly kilometres: number; readonly hours: number } | undefined;
};

const nearKilometres = 200;
// An airliner does 900 km/h; places of IP addresses are some hundred kilometres wrong at times.
const fastest = 1000;
const leastKilometres = 500;

/**
 * Part of step 4: what the device and the IP address tell. One query where what is usual was not read with the proof;
 * none for who shows no page and is not counted.
 */
export async function senseSignals(base: Base, visit: Visit, { usual }: Proven, found: Found): Promise<Signals> {
  if (visit.silent) return {};
  const place = base.geo.placeOf(visit.ip);
  if (found.kind === 'new' || found.customer.logins_count === 0) return { place };
  const known = usual ?? (await usualOf(base.db, found.customer.id, visit.device?.cookieHash ?? null));
  return { place, ...compare(visit, known, place) };
}

function compare({ device, at }: Visit, { knowsDevice, places }: Usual, place: Place | undefined) {
  const newDevice = device && !knowsDevice;
  const [last] = places;
  if (!place || !last) return { newDevice };
  const newPlace = !places.some((one) => isNear(one, place));
  const kilometres = Math.round(kilometresBetween(last, place) ?? 0);
  const hours = Math.max(0, at.getTime() - last.lastSeen.getTime()) / 3_600_000;
  const isTooFast = kilometres > leastKilometres && kilometres > hours * fastest;
  return {
    newDevice,
    newPlace,
    impossibleTravel: isTooFast ? { kilometres, hours: Math.round(hours * 100) / 100 } : undefined,
  };
}

/** Without coordinates a country is one place. */
function isNear(one: Place, other: Place): boolean {
  const kilometres = kilometresBetween(one, other);
  return kilometres === undefined ? one.country === other.country : kilometres <= nearKilometres;
}

/** Is it worth a mail to the customer? */
export function isUnusual({ newDevice, newPlace, impossibleTravel }: Signals): boolean {
  return newDevice === true || newPlace === true || impossibleTravel !== undefined;
}

/** As the timeline keeps them, for rules and for the customer: what says nothing is left out. */
export function signalsAsJson({ place, newDevice, newPlace, impossibleTravel }: Signals): JsonObject {
  const { country, city, latitude, longitude } = place ?? {};
  return {
    ...(country !== undefined && {
      place: {
        country,
        ...(city !== undefined && { city }),
        ...(latitude !== undefined && longitude !== undefined && { latitude, longitude }),
      },
    }),
    ...(newDevice && { new_device: true }),
    ...(newPlace && { new_place: true }),
    ...(impossibleTravel && { impossible_travel: { ...impossibleTravel } }),
  };
}

/** The same back from a row of the timeline; `isFirst`: there was nothing to compare it with. */
export function signalsFromJson(kept: JsonObject, of: { hasDevice: boolean; isFirst: boolean }): Signals {
  const told = keptSignals.safeParse(kept).data ?? {};
  const { place } = told;
  if (of.isFirst) return { place };
  return {
    place,
    newDevice: of.hasDevice ? told.new_device === true : undefined,
    newPlace: place && told.new_place === true,
    impossibleTravel: told.impossible_travel,
  };
}

const keptSignals = z.object({
  place: z
    .object({
      country: z.string(),
      city: z.string().optional(),
      latitude: z.number().optional(),
      longitude: z.number().optional(),
    })
    .optional(),
  new_device: z.boolean().optional(),
  new_place: z.boolean().optional(),
  impossible_travel: z.object({ kilometres: z.number(), hours: z.number() }).optional(),
});
