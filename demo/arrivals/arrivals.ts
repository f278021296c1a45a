// From where the demo's visitors seem to come. The towns are real; the IP addresses are of a network that is kept for
// tests (44.128.0.0/16), and every figure is invented.
import type { City } from './mmdb.ts';

/** A place that visitors come from. */
export type Arrival = City & {
  /** Names it in the browser's cookie. */
  readonly id: string;
  readonly network: string;
  /** Of the visitor: an address in the network. */
  readonly ip: string;
  readonly city: string;
  /** In the United States. */
  readonly zip?: { readonly code: string; readonly income: number };
};

type Town = Omit<Arrival, 'id' | 'network' | 'ip' | 'postalCode'> & { readonly hidesZip?: true };

const towns: readonly Town[] = [
  {
    city: 'Portland',
    country: 'US',
    subdivision: ['OR', 'Oregon'],
    latitude: 45.53,
    longitude: -122.68,
    timeZone: 'America/Los_Angeles',
    zip: { code: '97209', income: 68_400 },
  },
  {
    city: 'Boulder',
    country: 'US',
    subdivision: ['CO', 'Colorado'],
    latitude: 40.02,
    longitude: -105.27,
    timeZone: 'America/Denver',
    zip: { code: '80302', income: 91_700 },
    // As many files have it: the area is found by the position.
    hidesZip: true,
  },
  {
    city: 'Chicago',
    country: 'US',
    subdivision: ['IL', 'Illinois'],
    latitude: 41.92,
    longitude: -87.65,
    timeZone: 'America/Chicago',
    zip: { code: '60614', income: 117_300 },
  },
  {
    city: 'Austin',
    country: 'US',
    subdivision: ['TX', 'Texas'],
    latitude: 30.25,
    longitude: -97.77,
    timeZone: 'America/Chicago',
    zip: { code: '78704', income: 83_900 },
  },
  {
    city: 'Brooklyn',
    country: 'US',
    subdivision: ['NY', 'New York'],
    latitude: 40.67,
    longitude: -73.98,
    timeZone: 'America/New_York',
    zip: { code: '11215', income: 250_001 },
  },
  { city: 'Lyon', country: 'FR', latitude: 45.76, longitude: 4.84, timeZone: 'Europe/Paris' },
  { city: 'Hamburg', country: 'DE', latitude: 53.55, longitude: 9.99, timeZone: 'Europe/Berlin' },
];

export const arrivals: readonly Arrival[] = towns.map(({ hidesZip, ...town }, index) => ({
  ...town,
  id: town.city.toLowerCase(),
  continent: town.country === 'US' ? 'NA' : 'EU',
  network: `44.128.${index + 1}.0/24`,
  ip: `44.128.${index + 1}.${20 + index}`,
  ...(town.zip && !hidesZip && { postalCode: town.zip.code }),
}));

/** The place of this id, or another one that is as good as any: the same for the same visitor. */
export function arrivalOf(id: string | undefined, visitor: number): Arrival {
  const [first] = arrivals;
  const found = arrivals.find((one) => one.id === id) ?? arrivals[visitor % arrivals.length] ?? first;
  if (!found) throw new Error('the demo knows no place to come from');
  return found;
}
