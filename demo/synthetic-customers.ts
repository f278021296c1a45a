/** One made-up person of the demo: nobody real, always the same for the same number. */
export type SyntheticCustomer = {
  email: string;
  given_name: string;
  family_name: string;
  gender: 'female' | 'male';
  /** `YYYY-MM-DD`, or `0000-MM-DD` for those who keep their year to themselves. */
  birthdate: string | undefined;
  locale: string;
  user_metadata: { [name: string]: string | string[] };
  /** Which brands they have visited, and how often they signed in. */
  visits: readonly { brand: 'lumiere' | 'northtrail'; count: number; daysAgo: number }[];
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
const walks = ['day hikes', 'long trails', 'climbing', 'cycling', 'winter'];

/** The synthetic customers 0 to `count - 1`. */
export function syntheticCustomers(count: number): SyntheticCustomer[] {
  return Array.from({ length: count }, (_, number) => syntheticCustomer(number));
}

function syntheticCustomer(number: number): SyntheticCustomer {
  const draw = dice(number);
  const gender = draw(2) === 0 ? 'female' : 'male';
  const given_name = pick(draw, gender === 'female' ? women : men);
  const family_name = pick(draw, families);
  const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const visits: SyntheticCustomer['visits'][number][] = [];
  const taste = draw(10);
  if (taste < 7) visits.push({ brand: 'lumiere', count: 1 + draw(12), daysAgo: draw(200) });
  if (taste > 5) visits.push({ brand: 'northtrail', count: 1 + draw(6), daysAgo: draw(200) });
  return {
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
    visits,
  };
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
