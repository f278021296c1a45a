import { readFileSync } from 'node:fs';
import { type CityResponse, Reader } from 'maxmind';
import { judgeAddress } from './address-rules.ts';
import { threeLetters } from './country-codes.ts';
import type { Language } from './languages.ts';

/** Where an IP address is, as far as the operator's file knows; at least its country. */
export type Place = {
  /** ISO 3166-1. */
  readonly country: string;
  /** In English. */
  readonly city?: string | undefined;
  readonly latitude?: number | undefined;
  readonly longitude?: number | undefined;
};

/** All that the file says of a place, for rules and actions. */
export type PlaceDetails = Place & {
  /** ISO 3166-1, three letters. */
  readonly country3?: string | undefined;
  /** In English, as the rest. */
  readonly countryName?: string | undefined;
  readonly continent?: string | undefined;
  /** The largest part of the country: ISO 3166-2 without the country, and its name. */
  readonly subdivision?: string | undefined;
  readonly subdivisionName?: string | undefined;
  readonly postalCode?: string | undefined;
  readonly timeZone?: string | undefined;
};

/** Places of IP addresses, from the file of `REGULARS_GEOIP`. */
export type Geo = {
  /** None without a file, for addresses that it does not hold, and for private ones. */
  placeOf(ip: string): Place | undefined;
  /** The same with all that is known of it. */
  detailsOf(ip: string): PlaceDetails | undefined;
};

/**
 * Reads the file once, as a whole. A new file is read at the next start.
 *
 * @param path an .mmdb file with cities or countries, in MaxMind's format; none: there are no places
 */
export function openGeo(path: string | undefined): Geo {
  if (path === undefined) return { placeOf: () => undefined, detailsOf: () => undefined };
  const reader = new Reader<CityResponse>(readFileSync(path));

  function find(ip: string) {
    if (judgeAddress(ip) !== 'public') return undefined;
    const found = reader.get(ip);
    // Some files write `-`, `A1` or `T1` where there is no country.
    const country = found?.country?.iso_code ?? '';
    if (!found || !/^[A-Z]{2}$/.test(country)) return undefined;
    const { latitude, longitude } = found.location ?? {};
    return { place: { country, city: found.city?.names?.en, latitude, longitude }, found };
  }

  return {
    placeOf: (ip) => find(ip)?.place,
    detailsOf(ip) {
      const { place, found } = find(ip) ?? {};
      if (!place || !found) return undefined;
      const [largest] = found.subdivisions ?? [];
      return {
        ...place,
        country3: threeLetters(place.country),
        countryName: found.country?.names?.en,
        continent: found.continent?.code,
        subdivision: largest?.iso_code,
        subdivisionName: largest?.names?.en,
        postalCode: found.postal?.code,
        timeZone: found.location?.time_zone,
      };
    },
  };
}

/** The place as people say it: "Lyon, France". */
export function placeInWords({ city, country }: Pick<Place, 'city' | 'country'>, language: Language): string {
  const name = new Intl.DisplayNames(language, { type: 'region' }).of(country) ?? country;
  return city === undefined ? name : `${city}, ${name}`;
}

/** Kilometres between two places along the ground; undefined unless both have coordinates. */
export function kilometresBetween(one: Place, other: Place): number | undefined {
  const [a, b] = [toRadians(one), toRadians(other)];
  if (!a || !b) return undefined;
  // The haversine formula, on a globe of the earth's mean radius.
  const h =
    Math.sin((b.latitude - a.latitude) / 2) ** 2 +
    Math.cos(a.latitude) * Math.cos(b.latitude) * Math.sin((b.longitude - a.longitude) / 2) ** 2;
  return 2 * 6371 * Math.asin(Math.min(1, Math.sqrt(h)));
}

function toRadians({ latitude, longitude }: Place): { latitude: number; longitude: number } | undefined {
  if (latitude === undefined || longitude === undefined) return undefined;
  return { latitude: (latitude * Math.PI) / 180, longitude: (longitude * Math.PI) / 180 };
}
