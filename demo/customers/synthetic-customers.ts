import type { BrandSlug } from '../places.ts';

/** How a synthetic customer signs in. */
export type WayIn = 'password' | 'google-oauth2' | 'facebook' | 'apple' | 'twitter' | 'github';

/** One made-up person of the demo: nobody real, always the same for the same number. */
export type SyntheticCustomer = {
  wayIn: WayIn;
  /** Of the identity, at the connection. */
  id: string;
  email: string;
  given_name: string;
  family_name: string;
  gender: 'female' | 'male';
  /** `YYYY-MM-DD`, or `0000-MM-DD` for those who keep their year to themselves. */
  birthdate: string | undefined;
  locale: string;
  user_metadata: { [name: string]: string | string[] };
  /** Every sign-in, the oldest first. */
  signIns: readonly { brand: BrandSlug; daysAgo: number }[];
};

const women = ['Anna', 'Clara', 'Sofía', 'Élodie', 'Mia', 'Lucía', 'Camille', 'Hannah', 'Inès', 'Marta', 'Lena', 'Zoé'];
const men = ['Jonas', 'Paul', 'Mateo', 'Louis', 'Ben', 'Hugo', 'Lukas', 'Pablo', 'Théo', 'Felix', 'Diego', 'Noah'];
const families = [
  ...['Berger', 'Fournier', 'García', 'Hoffmann', 'Keller', 'Laurent', 'Moreno', 'Novak', 'Okafor', 'Pereira'],
  ...['Rossi', 'Schneider', 'Tanaka', 'Vidal', 'Weber', 'Yilmaz', 'Andersen', 'Bianchi', 'Castillo', 'Dubois'],
];
const locales = ['en', 'de', 'es', 'fr'];
const scents = ['rose', 'fig', 'citrus', 'sandalwood', 'vetiver', 'jasmine', 'none'];
const skins = ['dry', 'oily', 'mixed', 'sensitive'];
const networks: readonly WayIn[] = ['google-oauth2', 'google-oauth2', 'facebook', 'apple', 'twitter', 'github'];
const walks = ['day hikes', 'long trails', 'climbing', 'cycling', 'winter'];

/** The person with this number. */
export function syntheticCustomer(number: number): SyntheticCustomer {
  const draw = dice(number);
  const gender = draw(2) === 0 ? 'female' : 'male';
  const given_name = pick(draw, gender === 'female' ? women : men);
  const family_name = pick(draw, families);
  const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const taste = draw(10);
  return {
    wayIn: number % 10 === 0 ? 'password' : pick(draw, networks),
    id: String(9_000_000_000_000_000 + number),
    email: `${plain(given_name)}.${plain(family_name)}.${number}@example.com`,
    given_name,
    family_name,
    gender,
    birthdate: birthdate(draw),
    locale: pick(draw, locales),
    user_metadata: {
      ...(taste < 7 ? { scents: [pick(draw, scents)], skin: pick(draw, skins) } : {}),
      ...(taste > 5 ? { walks: [pick(draw, walks)] } : {}),
    },
    signIns: [
      ...(taste < 7 ? visits(draw, 'lumiere', 1 + draw(12)) : []),
      ...(taste > 5 ? visits(draw, 'northtrail', 1 + draw(6)) : []),
    ].sort((a, b) => b.daysAgo - a.daysAgo),
  };
}

/** Sign-ins at one brand, some days apart, the last one within the last half year. */
function visits(draw: (sides: number) => number, brand: BrandSlug, count: number): SyntheticCustomer['signIns'] {
  const last = 1 + draw(180);
  const gap = 3 + draw(25);
  return Array.from({ length: count }, (_, index) => ({ brand, daysAgo: last + index * gap + draw(1000) / 1000 }));
}

function birthdate(draw: (sides: number) => number): string | undefined {
  const kind = draw(10);
  if (kind < 3) return undefined;
  const two = (value: number) => String(value).padStart(2, '0');
  const year = kind < 6 ? '0000' : String(1950 + draw(55));
  return `${year}-${two(1 + draw(12))}-${two(1 + draw(28))}`;
}

function pick<T>(draw: (sides: number) => number, things: readonly [T, ...T[]] | readonly T[]): T {
  const thing = things[draw(things.length)];
  if (thing === undefined) throw new Error('nothing to pick from');
  return thing;
}

/** Rolls that depend on `seed` alone (mulberry32). */
function dice(seed: number): (sides: number) => number {
  let state = (seed + 1) * 0x9e3779b9;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}
